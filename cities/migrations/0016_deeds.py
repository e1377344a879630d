from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("cities", "0015_territory_role_and_events")]
    operations: list = []
