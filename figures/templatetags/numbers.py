"""The formatters of `figures.numbers` under the names that templates call them by."""

from __future__ import annotations

from django import template

from figures import numbers

register = template.Library()

register.filter("points", numbers.format_points)
register.filter("rupiah", numbers.format_rupiah)
register.filter("change", numbers.format_change)
register.filter("persen", numbers.format_share)
register.filter("tanggal", numbers.format_date)
register.filter("waktu", numbers.format_zoned_moment)
register.filter("ukuran", numbers.format_file_size)
