"""Who is in the demonstration city. Nobody and nothing here exists."""

from __future__ import annotations

from dataclasses import dataclass

from cities.roles import Role

CITY_CODE, CITY_NAME = "00.71", "Kota Contoh"
PROVINCE_CODE, PROVINCE_NAME = "00", "Provinsi Contoh"  # no official code begins with 00
DOMAIN = "kota-contoh.example"  # .example never reaches anybody


@dataclass(frozen=True, slots=True)
class Person:
    """A demonstration account. Without a role it administers the site."""

    mailbox: str
    name: str
    role: Role | None
    opd: str = ""

    @property
    def email(self) -> str:
        return f"{self.mailbox}@{DOMAIN}"


# Under the codes with which the instrument names its default agencies.
OPDS = {
    "DP3A": "Dinas Pemberdayaan Perempuan dan Perlindungan Anak",
    "BAPPEDA": "Badan Perencanaan Pembangunan Daerah",
    "HUKUM": "Bagian Hukum Sekretariat Daerah",
    "DUKCAPIL": "Dinas Kependudukan dan Pencatatan Sipil",
    "DINKES": "Dinas Kesehatan",
    "DISDIK": "Dinas Pendidikan dan Kebudayaan",
    "DINSOS": "Dinas Sosial",
    "DISNAKER": "Dinas Tenaga Kerja",
    "DISHUB": "Dinas Perhubungan",
    "KOMINFO": "Dinas Komunikasi dan Informatika",
    "PERPUS": "Dinas Perpustakaan dan Kearsipan",
    "KEMENAG": "Kantor Kementerian Agama",
    "BPBD": "Badan Penanggulangan Bencana Daerah",
    "BNN": "Badan Narkotika Nasional Kota",
    "UPTD_PPA": "UPTD Perlindungan Perempuan dan Anak",
    "POLRES": "Kepolisian Resor Kota, Unit PPA",
    "KEJAKSAAN": "Kejaksaan Negeri",
    "SATPOLPP": "Satuan Polisi Pamong Praja",
    "KESBANGPOL": "Badan Kesatuan Bangsa dan Politik",
    "PUPR": "Dinas Pekerjaan Umum dan Penataan Ruang",
    "PERKIM": "Dinas Perumahan dan Kawasan Permukiman",
    "DLH": "Dinas Lingkungan Hidup",
    "DISPAR": "Dinas Pariwisata",
    "DISPORA": "Dinas Pemuda dan Olahraga",
    "BAPENDA": "Badan Pendapatan Daerah",
    "FORUM_ANAK": "Forum Anak Kota Contoh",
    "DUNIA_USAHA": "Asosiasi Perusahaan Sahabat Anak",
    "PENGADILAN_AGAMA": "Pengadilan Agama",
    "KECAMATAN": "Kecamatan se-Kota Contoh",
    "KELURAHAN": "Kelurahan se-Kota Contoh",
}

SITE_ADMIN = Person("situs", "Administrator Situs", None)
ADMIN = Person("admin", "Admin Kota Contoh", Role.ADMIN_KOTA)
SECRETARIAT = Person("gugustugas", "Sekretariat Gugus Tugas", Role.GUGUS_TUGAS)
VERIFIER = Person("verifikator", "Verifikator Kota Contoh", Role.VERIFIKATOR)
LEADER = Person("pimpinan", "Pimpinan Kota Contoh", Role.PIMPINAN)
COMPANION = Person("pendamping", "Pendamping dari Provinsi", Role.PENDAMPING)
LURAH = Person("lurah", "Lurah Mekar Jaya", Role.WILAYAH)
CAMAT = Person("camat", "Camat Contoh Utara", Role.WILAYAH)
FORUM = Person("forumanak", "Fasilitator Forum Anak", Role.FORUM_ANAK)
# The other OPDs have no account yet: the secretariat hands in what they bring on paper.
OPD_STAFF = (
    Person("dp3a", "Staf DP3A", Role.OPD, "DP3A"),
    Person("dinkes", "Staf Dinas Kesehatan", Role.OPD, "DINKES"),
    Person("disdik", "Staf Dinas Pendidikan", Role.OPD, "DISDIK"),
    Person("dinsos", "Staf Dinas Sosial", Role.OPD, "DINSOS"),
    Person("dukcapil", "Staf Dinas Kependudukan", Role.OPD, "DUKCAPIL"),
    Person("bappeda", "Staf Bappeda", Role.OPD, "BAPPEDA"),
)
MEMBERS = (ADMIN, SECRETARIAT, VERIFIER, LEADER, COMPANION, CAMAT, LURAH, FORUM, *OPD_STAFF)
EVERYBODY = (SITE_ADMIN, *MEMBERS)
