"""The map of the site: which application answers which address."""

from allauth.account import views as account
from allauth.account.decorators import secure_admin_login
from allauth.account.models import EmailAddress
from allauth.mfa.base import views as factor
from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes import views as codes
from allauth.mfa.totp import views as app
from allauth.mfa.webauthn import views as passkeys
from allauth.socialaccount.models import SocialAccount, SocialApp, SocialToken
from django.contrib import admin
from django.contrib.auth.decorators import login_not_required
from django.contrib.auth.models import Group
from django.urls import include, path, re_path
from django.views.decorators.http import require_POST
from django.views.i18n import set_language

from kla import health, job_views, metrics_view, sso, unsent, views

# The stock sign-in form of the admin counts no attempts; ours does.
admin.site.login = secure_admin_login(admin.site.login)  # type: ignore[method-assign]
# Rights come from roles alone, and an address of an account is changed where the trail sees it.
admin.site.unregister([Group, EmailAddress, Authenticator])
# Nothing is ever stored of these: kla/sso.py.
admin.site.unregister([SocialAccount, SocialApp, SocialToken])

# The views and the names are allauth's, the addresses are for people.
account_urls = [
    path("masuk/", sso.sign_in, name="account_login"),
    path("masuk/akun/<slug:provider_id>/", sso.sso_login, name="sso_login"),
    path("masuk/akun/<slug:provider_id>/kembali/", sso.sso_callback, name="sso_callback"),
    path("keluar/", views.sign_out, name="account_logout"),
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

factor_urls = [
    path("akun/faktor/", factor.index, name="mfa_index"),
    path("akun/faktor/kode/", login_not_required(factor.authenticate), name="mfa_authenticate"),
    path("akun/konfirmasi/kode/", factor.reauthenticate, name="mfa_reauthenticate"),
    path(
        "akun/konfirmasi/kunci/",
        passkeys.reauthenticate_webauthn,
        name="mfa_reauthenticate_webauthn",
    ),
    path("akun/faktor/aplikasi/", app.activate_totp, name="mfa_activate_totp"),
    path("akun/faktor/aplikasi/matikan/", app.deactivate_totp, name="mfa_deactivate_totp"),
    path("akun/faktor/cadangan/", codes.view_recovery_codes, name="mfa_view_recovery_codes"),
    path(
        "akun/faktor/cadangan/baru/",
        codes.generate_recovery_codes,
        name="mfa_generate_recovery_codes",
    ),
    path(
        "akun/faktor/cadangan/unduh/",
        codes.download_recovery_codes,
        name="mfa_download_recovery_codes",
    ),
    path("akun/faktor/kunci/", passkeys.list_webauthn, name="mfa_list_webauthn"),
    path("akun/faktor/kunci/tambah/", passkeys.add_webauthn, name="mfa_add_webauthn"),
    path("akun/faktor/kunci/<int:pk>/hapus/", passkeys.remove_webauthn, name="mfa_remove_webauthn"),
    path("akun/faktor/kunci/<int:pk>/ubah/", passkeys.edit_webauthn, name="mfa_edit_webauthn"),
]

urlpatterns = [
    path("", views.home, name="home"),
    path("akun/data/", views.own_data_page, name="own_data"),
    path("akun/data/unduh/", views.own_data_download, name="own_data_download"),
    path("bahasa/", login_not_required(require_POST(set_language)), name="language"),
    path("istilah/", views.glossary, name="glossary"),
    path("aksesibilitas/", views.accessibility, name="accessibility"),
    path("belum-terkirim/", unsent.unsent, name="unsent"),
    path("pekerjaan-latar/", job_views.job_list, name="job_list"),
    path("pekerjaan-latar/<int:pk>/coba-lagi/", job_views.job_try_again, name="job_try_again"),
    path("sehat/", health.health, name="health"),
    path("sehat/hidup/", health.live, name="health_live"),
    path("sehat/siap/", health.ready, name="health_ready"),
    path("metrik/", metrics_view.metrics, name="metrics"),
    path("admin/", admin.site.urls),
    *account_urls,
    *factor_urls,
    path("", include("cities.urls")),
    path("", include("clusters.urls")),
    path("", include("assessments.urls")),
    path("", include("registers.urls")),
    path("", include("territories.urls")),
    path("", include("public.urls")),
    path("", include("actionsheets.urls")),
    path("", include("childdata.urls")),
    path("", include("facilities.urls")),
    path("", include("regulations.urls")),
    path("", include("taskforce.urls")),
    path("", include("meetings.urls")),
    path("", include("plans.urls")),
    path("", include("api.urls")),
]

handler400 = "kla.views.bad_request"
handler403 = "kla.views.permission_denied"
handler404 = "kla.views.page_not_found"
handler429 = "kla.views.too_many_requests"
handler500 = "kla.views.server_error"
