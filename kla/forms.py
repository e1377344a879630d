"""The account forms of allauth in the words of this site."""

from typing import Any

from allauth.account import forms
from django.forms import Field, Form
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from cities.emails import EmailField
from cities.services.reset_letters import order_reset_letter

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

    def clean_email(self) -> str:
        """Whose it is, is asked when the letter is ordered, and told to nobody here."""
        email: str = self.cleaned_data["email"]
        return email

    def save(self, request: HttpRequest, **kwargs: Any) -> str:
        email: str = self.cleaned_data["email"]
        order_reset_letter(email=email, at=timezone.now())
        return email


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
