from django.urls import path

from meetings.views import meetings, minutes
from meetings.views.overview import guide, overview

app_name = "meetings"

CITY = "kota/<slug:city_slug>/gugus-tugas/"
MEETING, DECISION = f"{CITY}rapat/<int:pk>/", f"{CITY}tindak-lanjut/<int:pk>/"

urlpatterns = [
    path(CITY, overview, name="overview"),
    path(f"{CITY}petunjuk/", guide, name="guide"),
    path(f"{CITY}rapat/", meetings.meeting_list, name="meeting_list"),
    path(f"{CITY}rapat/tambah/", meetings.meeting_create, name="meeting_create"),
    path(MEETING, minutes.meeting_detail, name="meeting_detail"),
    path(f"{MEETING}ubah/", meetings.meeting_edit, name="meeting_edit"),
    path(f"{MEETING}undangan/", meetings.meeting_invitation, name="meeting_invitation"),
    path(f"{MEETING}undangan.pdf", meetings.meeting_letter, name="meeting_letter"),
    path(f"{MEETING}undangan.ics", meetings.meeting_calendar, name="meeting_calendar"),
    path(f"{MEETING}hadir/", minutes.attendance_board, name="attendance_board"),
    path(f"{MEETING}hadir/ganti/", minutes.attendance_renew, name="attendance_renew"),
    path(f"{CITY}hadir/<int:pk>/hapus/", minutes.attendance_strike, name="attendance_strike"),
    path("hadir/<str:token>/", minutes.attendance_sign, name="attendance_sign"),
    path(f"{MEETING}notula/<int:revision>/", minutes.minutes_edit, name="minutes_edit"),
    path(f"{MEETING}notula.pdf", minutes.minutes_pdf, name="minutes_pdf"),
    path(f"{MEETING}tutup/", minutes.meeting_close, name="meeting_close"),
    path(f"{MEETING}tambahan/", minutes.addendum_create, name="addendum_create"),
    path(f"{MEETING}ajukan/", minutes.minutes_hand_in, name="minutes_hand_in"),
    path(f"{MEETING}foto/", minutes.photo_add, name="photo_add"),
    path(f"{CITY}foto/<int:pk>/", minutes.photo_view, name="photo_view"),
    path(f"{CITY}foto/<int:pk>/hapus/", minutes.photo_remove, name="photo_remove"),
    path(f"{MEETING}keputusan/", meetings.decision_create, name="decision_create"),
    path(f"{CITY}tindak-lanjut/", meetings.decision_list, name="decision_list"),
    path(f"{DECISION}ubah/", meetings.decision_edit, name="decision_edit"),
    path(f"{DECISION}hapus/", meetings.decision_remove, name="decision_remove"),
    path(f"{DECISION}selesai/", meetings.decision_settle, name="decision_settle"),
]
