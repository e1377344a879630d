"""The trail of a city's people and places."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from cities.models.people import City
from trail.models import TrailEntry


class CityTrailEvent(models.TextChoices):
    """What the trail of a city records of its people and places."""

    CITY_CREATED = "city_created", _("mencatat kota")
    CITY_CHANGED = "city_changed", _("mengubah data kota")
    OPD_CREATED = "opd_created", _("menambahkan OPD")
    OPD_CHANGED = "opd_changed", _("mengubah data OPD")
    OPD_ACTIVATED = "opd_activated", _("mengaktifkan OPD")
    OPD_DEACTIVATED = "opd_deactivated", _("menonaktifkan OPD")
    AGENCY_SETTLED = "agency_settled", _("menetapkan padanan OPD")
    MEMBER_ADDED = "member_added", _("menambahkan anggota")
    MEMBER_CHANGED = "member_changed", _("mengubah peran anggota")
    MEMBER_REMOVED = "member_removed", _("menghapus anggota")
    INVITATION_SENT = "invitation_sent", _("mengundang anggota")
    INVITATION_RESENT = "invitation_resent", _("mengirim ulang undangan")
    INVITATION_REVOKED = "invitation_revoked", _("mencabut undangan")
    INVITATION_HANDED_OVER = "invitation_handed_over", _("menyerahkan undangan tanpa surat")
    MEMBER_REPLACED = "member_replaced", _("mengganti petugas")
    LINK_RENEWED = "link_renewed", _("memperbarui tautan kata sandi")  # done until invitations
    ACCOUNT_CHANGED = "account_changed", _("mengubah data akun")
    ACCOUNT_ACTIVATED = "account_activated", _("mengaktifkan akun")
    ACCOUNT_DEACTIVATED = "account_deactivated", _("menonaktifkan akun")
    ACCOUNT_ANONYMISED = "account_anonymised", _("menghapus nama dan alamat akun")
    DATA_REMOVED = "data_removed", _("menghapus data menurut masa simpan")
    FACTOR_RESET = "factor_reset", _("mengatur ulang faktor kedua")
    REGIONS_LOADED = "regions_loaded", _("memuat daftar wilayah")
    UNITS_LOADED = "units_loaded", _("menyiapkan wilayah pelapor")
    UNIT_CHANGED = "unit_changed", _("mengubah data wilayah")
    UNIT_SUCCEEDED = "unit_succeeded", _("mencatat perubahan wilayah")
    UNIT_SEATED = "unit_seated", _("menetapkan petugas wilayah")
    UNIT_DECLARED = "unit_declared", _("mengubah pencanangan wilayah")
    REPORTS_WRITTEN = "reports_written", _("mengisi laporan wilayah dari lembar")
    REPORTS_SENT = "reports_sent", _("mengirim laporan wilayah")
    REPORTS_ACCEPTED = "reports_accepted", _("menerima laporan wilayah")
    REPORT_RETURNED = "report_returned", _("mengembalikan laporan wilayah")
    UNIT_RATING_CHANGED = "unit_rating_changed", _("mengubah aturan peringkat wilayah")
    VISITS_SAMPLED = "visits_sampled", _("menetapkan wilayah yang dikunjungi")
    UNITS_BOUNDED = "units_bounded", _("mengubah batas wilayah")
    UNITS_IMPORTED = "units_imported", _("mengubah data wilayah dari lembar")
    CRITERIA_DRAFTED = "criteria_drafted", _("mengubah rancangan set kriteria")
    CRITERIA_PUBLISHED = "criteria_published", _("menerbitkan set kriteria")
    CRITERIA_CHOSEN = "criteria_chosen", _("memilih set kriteria")
    FACILITY_RECORDED = "facility_recorded", _("mencatat fasilitas")
    FACILITY_CHANGED = "facility_changed", _("mengubah data fasilitas")
    CREDENTIAL_CHANGED = "credential_changed", _("mengubah surat fasilitas")
    FACILITY_PHOTO = "facility_photo", _("mengubah foto fasilitas")
    FACILITY_USED = "facility_used", _("mencatat pengguna fasilitas")
    FACILITY_VISITED = "facility_visited", _("memeriksa fasilitas")
    CHILDREN_COUNTED = "children_counted", _("mencatat data anak")
    FINDING_RECORDED = "finding_recorded", _("mencatat temuan")
    FINDING_CHANGED = "finding_changed", _("mengubah tenggat temuan")
    FINDING_CLOSED = "finding_closed", _("menyelesaikan temuan")
    ROUTE_CHANGED = "route_changed", _("mengubah rute verifikasi")
    REGULATION_RECORDED = "regulation_recorded", _("mencatat produk hukum")
    REGULATION_CHANGED = "regulation_changed", _("mengubah data produk hukum")
    REGULATION_RELATED = "regulation_related", _("mengubah hubungan produk hukum")
    REGULATION_REMOVED = "regulation_removed", _("menghapus produk hukum")
    DECREE_RECORDED = "decree_recorded", _("mencatat SK Gugus Tugas")
    DECREE_CHANGED = "decree_changed", _("mengubah SK Gugus Tugas")
    TASKFORCE_CHANGED = "taskforce_changed", _("mengubah susunan Gugus Tugas")
    MEETING_RECORDED = "meeting_recorded", _("mencatat rapat")
    MEETING_CHANGED = "meeting_changed", _("mengubah data rapat")
    MEETING_CLOSED = "meeting_closed", _("menutup notula rapat")
    MINUTES_AMENDED = "minutes_amended", _("menambahkan catatan pada notula")
    DECISION_CHANGED = "decision_changed", _("mengubah keputusan rapat")
    DECISION_DONE = "decision_done", _("menyelesaikan keputusan rapat")
    COMMITMENT_CHANGED = "commitment_changed", _("mengubah komitmen")
    ACTION_PLAN_RECORDED = "action_plan_recorded", _("mencatat RAD")
    ACTION_PLAN_CHANGED = "action_plan_changed", _("mengubah data RAD")
    ACTION_RECORDED = "action_recorded", _("mencatat aksi RAD")
    ACTION_CHANGED = "action_changed", _("mengubah aksi RAD")
    ACTION_REMOVED = "action_removed", _("menghapus aksi RAD")
    REALISATION_REPORTED = "realisation_reported", _("melaporkan realisasi RAD")
    NOMENCLATURE_LOADED = "nomenclature_loaded", _("memuat nomenklatur")
    YEAR_GOAL_SET = "year_goal_set", _("menetapkan target tahun")
    PUBLIC_RELEASED = "public_released", _("merilis bagian halaman publik")
    PUBLIC_WITHDRAWN = "public_withdrawn", _("menarik bagian halaman publik")
    PUBLIC_MESSAGE_SETTLED = "public_message_settled", _("menandai pesan warga")
    TOKEN_CREATED = "token_created", _("membuat token")
    TOKEN_REVOKED = "token_revoked", _("mencabut token")
    WEBHOOK_CREATED = "webhook_created", _("mendaftarkan webhook")
    WEBHOOK_CHANGED = "webhook_changed", _("mengubah webhook")
    WEBHOOK_REMOVED = "webhook_removed", _("menghapus webhook")


class CityActivity(TrailEntry):
    """An entry of the trail of a city: what was done to it, its OPDs and its members.

    Written by `services.activity.record`, with the city locked. `target` is the name as it was
    then, for the row that it speaks of may be gone.
    """

    HASHED = ("city", "target")
    SUBJECT_COLUMNS = (_("Mengenai"),)
    LABELS = {
        "code": _("Kode"),
        "name": _("Nama"),
        "zone": _("Zona waktu"),
        "state": _("Keadaan"),
        "role": _("Peran"),
        "opd": _("OPD"),
        "kind": _("Jenis"),
        "account": _("Akun"),
        "invited_by": _("Diundang oleh"),
        "person": _("Petugas"),
        "email": _("E-mail"),
        "site_admin": _("Administrator situs"),
        "districts": _("Kecamatan"),
        "villages": _("Kelurahan/desa"),
        "names": _("Nama wilayah"),
        "head": _("Kepala"),
        "contact": _("Kontak"),
        "criteria": _("Kriteria"),
        "reason": _("Alasan"),
        "number": _("Nomor"),
        "year": _("Tahun"),
        "title": _("Tentang"),
        "draft": _("Rancangan"),
        "signed_on": pgettext_lazy("produk hukum", "Ditetapkan"),
        "promulgated_on": _("Diundangkan"),
        "effective_on": _("Mulai berlaku"),
        "ends_on": _("Berlaku sampai"),
        "signatory": _("Penanda tangan"),
        "address": _("Alamat"),
        "relation": _("Hubungan"),
        "topics": _("Pertanyaan"),
        "file": _("Berkas"),
        "post": _("Jabatan"),
        "institution": _("Instansi"),
        "element": _("Unsur"),
        "field": _("Bidang"),
        "since": _("Sejak"),
        "until": _("Sampai"),
        "certificate": _("Sertifikat KHA"),
        "starts_at": _("Waktu"),
        "place": _("Tempat"),
        "occasion": _("Disampaikan pada"),
        "agenda": _("Agenda"),
        "attendance": _("Kehadiran"),
        "owner": _("Penanggung jawab"),
        "due_on": _("Tenggat"),
        "note": _("Catatan"),
        "checksum": _("Kode keaslian"),
        "list_checksum": _("Kode keaslian daftar hadir"),
        "period": _("Masa"),
        "basis": _("Dasar hukum"),
        "link": _("Kaitan"),
        "children": _("Jumlah anak"),
        "source": _("Sumber"),
        "action": _("Aksi"),
        "indicator": _("Indikator"),
        "budget_code": _("Kode nomenklatur"),
        "measure": _("Indikator kinerja"),
        "baseline": _("Keadaan awal"),
        "supporting": _("OPD pendukung"),
        "target": _("Target"),
        "ceiling": _("Pagu"),
        "share": _("Bagian untuk anak (%)"),
        "physical": _("Fisik (%)"),
        "money": _("Realisasi (rupiah)"),
        "obstacle": _("Hambatan"),
        "follow_up": _("Tindak lanjut"),
        "count": _("Jumlah"),
        "predikat": _("Predikat"),
        "unit": _("Wilayah"),
        "provides": _("Tersedia"),
        "staff": _("Petugas"),
        "trained": _("Terlatih"),
        "active_from": _("Ada sejak"),
        "active_to": _("Ada sampai"),
        "scheme": _("Skema"),
        "level": _("Tingkat"),
        "issuer": _("Penerbit"),
        "issued_on": _("Terbit"),
        "expires_on": _("Berlaku sampai"),
        "monitoring_on": _("Pemantauan"),
        "people": _("Jumlah orang"),
        "boys": _("Laki-laki"),
        "girls": _("Perempuan"),
        "special": _("AMPK"),
        "checklist": _("Daftar periksa"),
        "result": _("Hasil"),
        "stops": _("Perhentian"),
        "finding": _("Temuan"),
        "done": _("Yang dilakukan"),
        "seed": _("Kunci undian"),
    }

    city = models.ForeignKey(
        City, models.PROTECT, related_name="activities", verbose_name=_("kabupaten/kota")
    )
    deed = models.CharField(_("aktivitas"), max_length=30, choices=CityTrailEvent.choices)
    target = models.TextField(_("mengenai"))

    class Meta:
        verbose_name = _("riwayat kota")
        verbose_name_plural = _("riwayat kota")
        ordering = ["-position", "-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["city", "position"], name="cities_activity_one_per_position"
            )
        ]

    def __str__(self) -> str:
        return f"{self.by} {self.get_deed_display()}: {self.target}"

    @property
    def subject(self) -> tuple[str, ...]:
        return (self.target,)
