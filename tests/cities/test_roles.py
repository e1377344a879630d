from cities.roles import GRANTS, Permission, Role


def test_each_role_holds_exactly_these_rights():
    assert dict(GRANTS) == {
        Role.ADMIN_KOTA: {
            Permission.VIEW_CITY,
            Permission.VIEW_ASSESSMENT,
            Permission.VIEW_QUESTION,
            Permission.COMMENT,
            Permission.ASSIGN_QUESTIONS,
            Permission.MANAGE_ASSESSMENT,
            Permission.SUBMIT_ASSESSMENT,
            Permission.REOPEN_ASSESSMENT,
            Permission.IMPORT_SHEET,
            Permission.MANAGE_MEMBERS,
            Permission.ENTER_OFFICIAL,
            Permission.MANAGE_PLANS,
            Permission.MANAGE_REGULATIONS,
            Permission.CLEAR_ORIGINALS,
            Permission.MARK_SENSITIVE,
            Permission.VIEW_TRAIL,
            Permission.VIEW_UNIT_REPORTS,
        },
        Role.GUGUS_TUGAS: {
            Permission.VIEW_CITY,
            Permission.VIEW_ASSESSMENT,
            Permission.VIEW_QUESTION,
            Permission.ANSWER_QUESTIONS,
            Permission.REVIEW_EVIDENCE,
            Permission.COMMENT,
            Permission.ASSIGN_QUESTIONS,
            Permission.SUBMIT_ASSESSMENT,
            Permission.MANAGE_RESCUE,
            Permission.IMPORT_SHEET,
            Permission.ENTER_OFFICIAL,
            Permission.MANAGE_PLANS,
            Permission.MANAGE_REGULATIONS,
            Permission.REMIND_OPDS,
            Permission.VIEW_UNIT_REPORTS,
            Permission.IMPORT_UNIT_REPORTS,
            Permission.REVIEW_UNIT_REPORTS,
            Permission.READ_SENSITIVE,
            Permission.MARK_SENSITIVE,
        },
        Role.VERIFIKATOR: {
            Permission.VIEW_CITY,
            Permission.VIEW_ASSESSMENT,
            Permission.VIEW_QUESTION,
            Permission.REVIEW_EVIDENCE,
            Permission.REVIEW_SENSITIVE,
            Permission.COMMENT,
            Permission.VIEW_UNIT_REPORTS,
        },
        Role.OPD: {
            Permission.VIEW_CITY,
            Permission.OWN_TASKS,
            Permission.VIEW_QUESTION,
            Permission.ANSWER_QUESTIONS,
            Permission.COMMENT,
        },
        Role.PIMPINAN: {
            Permission.VIEW_CITY,
            Permission.VIEW_ASSESSMENT,
            Permission.VIEW_QUESTION,
            Permission.VIEW_UNIT_REPORTS,
        },
        Role.PENDAMPING: {
            Permission.VIEW_CITY,
            Permission.VIEW_ASSESSMENT,
            Permission.VIEW_QUESTION,
            Permission.COMMENT,
            Permission.VIEW_UNIT_REPORTS,
        },
        Role.WILAYAH: {
            Permission.VIEW_UNIT_REPORTS,
            Permission.FILL_UNIT_REPORTS,
            Permission.IMPORT_UNIT_REPORTS,
        },
    }


def test_every_role_has_a_row():
    assert list(GRANTS) == list(Role)
