"""The map of the site: which application answers which address."""

from allauth.account import views as account
from allauth.account.decorators import secure_admin_login
from allauth.account.models import EmailAddress
from django.contrib import admin
from django.contrib.auth.models import Group
from django.urls import include, path, re_path

from kla import views

# The stock sign-in form of the admin counts no attempts; ours does.
admin.site.login = secure_admin_login(admin.site.login)  # type: ignore[method-assign]
# Rights come from roles alone, and an address of an account is changed where the trail sees it.
admin.site.unregister([Group, EmailAddress])

# The views and the names are allauth's, the addresses are for people.
account_urls = [
    path("masuk/", account.login, name="account_login"),
    path("keluar/", account.logout, name="account_logout"),
    path("daftar/", account.signup, name="account_signup"),
    path("akun/nonaktif/", account.account_inactive, name="account_inactive"),
    path("akun/konfirmasi/", account.reauthenticate, name="account_reauthenticate"),
    path("sandi/ubah/", account.password_change, name="account_change_password"),
    path("sandi/buat/", account.password_set, name="account_set_password"),
    path("sandi/lupa/", account.password_reset, name="account_reset_password"),
    path("sandi/lupa/terkirim/", account.password_reset_done, name="account_reset_password_done"),
    path(
        "sandi/atur/selesai/",
        account.password_reset_from_key_done,
        name="account_reset_password_from_key_done",
    ),
    re_path(
        r"^sandi/atur/(?P<uidb36>[0-9A-Za-z]+)-(?P<key>.+)/$",
        account.password_reset_from_key,
        name="account_reset_password_from_key",
    ),
]

urlpatterns = [
    path("", views.home, name="home"),
    path("istilah/", views.glossary, name="glossary"),
    path("sehat/", views.health, name="health"),
    path("admin/", admin.site.urls),
    *account_urls,
    path("", include("cities.urls")),
    path("", include("clusters.urls")),
    path("", include("assessments.urls")),
    path("", include("registers.urls")),
    path("", include("territories.urls")),
    path("", include("plans.urls")),
]

handler400 = "kla.views.bad_request"
handler403 = "kla.views.permission_denied"
handler404 = "kla.views.page_not_found"
handler429 = "kla.views.too_many_requests"
handler500 = "kla.views.server_error"
