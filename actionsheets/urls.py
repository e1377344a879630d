"""Every address of the RAD: those of the plan and of what came of it, and those of its tables, under one name."""

from django.urls import path

from actionplan.urls import ONE, RAD
from actionsheets import views
from monitoring.urls import urlpatterns as of_the_plan

app_name = "actionplan"

urlpatterns = [
    path(f"{RAD}nomenklatur/", views.nomenclature, name="nomenclature"),
    path(f"{RAD}lembar/<int:pk>/", views.sheet_review, name="sheet_review"),
    path(f"{ONE}lembar/", views.sheet_upload, name="sheet_upload"),
    path(f"{ONE}lembar/ekspor/", views.sheet_export, name="sheet_export"),
    path(f"{ONE}realisasi/", views.realisation_upload, name="realisation_upload"),
    *of_the_plan,
]
