"""The map of the site: which application answers which address."""

from allauth.account import views as account
from allauth.account.decorators import secure_admin_login
from allauth.account.models import EmailAddress
from allauth.socialaccount.models import SocialAccount, SocialApp, SocialToken
from django.contrib import admin
from django.contrib.auth.models import Group
from django.urls import include, path, re_path

from kla import sso, unsent, views

# The stock sign-in form of the admin counts no attempts; ours does.
admin.site.login = secure_admin_login(admin.site.login)  # type: ignore[method-assign]
# Rights come from roles alone, and an address of an account is changed where the trail sees it.
admin.site.unregister([Group, EmailAddress])
# Nothing is ever stored of these: kla/sso.py.
admin.site.unregister([SocialAccount, SocialApp, SocialToken])

# The views and the names are allauth's, the addresses are for people.
account_urls = [
    path("masuk/", sso.sign_in, name="account_login"),
    path("masuk/akun/<slug:provider_id>/", sso.sso_login, name="sso_login"),
    path("masuk/akun/<slug:provider_id>/kembali/", sso.sso_callback, name="sso_callback"),
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
    path("akun/data/", views.own_data_page, name="own_data"),
    path("akun/data/unduh/", views.own_data_download, name="own_data_download"),
    path("istilah/", views.glossary, name="glossary"),
    path("belum-terkirim/", unsent.unsent, name="unsent"),
    path("sehat/", views.health, name="health"),
    path("admin/", admin.site.urls),
    *account_urls,
    path("", include("cities.urls")),
    path("", include("clusters.urls")),
    path("", include("assessments.urls")),
    path("", include("registers.urls")),
    path("", include("territories.urls")),
    path("", include("regulations.urls")),
    path("", include("plans.urls")),
]

handler400 = "kla.views.bad_request"
handler403 = "kla.views.permission_denied"
handler404 = "kla.views.page_not_found"
handler429 = "kla.views.too_many_requests"
handler500 = "kla.views.server_error"
