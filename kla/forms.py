"""The account forms of allauth in the words of this site."""

from typing import Any

from allauth.account import forms
from django.forms import Field, Form
from django.utils.translation import gettext_lazy as _

from cities.emails import EmailField

LABELS = {
    "login": _("E-mail"),
    "email": _("E-mail"),
    "password": _("Kata sandi"),
    "oldpassword": _("Kata sandi saat ini"),
    "password1": _("Kata sandi baru"),
    "password2": _("Kata sandi baru, sekali lagi"),
}


def reword(form: Form) -> None:
    """Our labels above the fields, and no second label inside them."""
    for name, field in form.fields.items():
        field.label = LABELS[name]
        field.widget.attrs.pop("placeholder", None)


def _cleaned(field: Field) -> EmailField:
    """The same field, its address cleaned as everywhere."""
    return EmailField(label=field.label, widget=field.widget)


class SignInForm(forms.LoginForm):
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["login"] = _cleaned(self.fields["login"])
        reword(self)


class PasswordResetRequestForm(forms.ResetPasswordForm):
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["email"] = _cleaned(self.fields["email"])
        reword(self)


class PasswordResetForm(forms.ResetPasswordKeyForm):
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        reword(self)


class PasswordChangeForm(forms.ChangePasswordForm):
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        reword(self)


class PasswordSetForm(forms.SetPasswordForm):
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        reword(self)


class PasswordConfirmForm(forms.ReauthenticateForm):
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        reword(self)
