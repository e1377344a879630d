"""Files as people choose them in a file dialog."""

from kla.demo.documents import make_pdf

MEGABYTE = 1024 * 1024


def paper(name="perda.pdf", line="Pasal 1"):
    """A readable PDF of one page; another line makes another paper."""
    content = make_pdf(title="Peraturan daerah", lines=[line])
    return {"name": name, "mimeType": "application/pdf", "buffer": content}


def upload(page, *files, **fields):
    """Fill in the upload form and press its button; `fields` are filled by their names.

    Where no file name says the kind, the first one that is asked for is chosen.
    """
    form = page.locator("#unggah")
    form.locator("input[name=file]").set_input_files(list(files))
    for kind in form.locator("select:visible").all():
        choose(kind)
    facts = form.locator("details.upload-form__facts").first
    outside = {"changes"} if form.locator("[data-facts]").count() else {"title", "changes"}
    if facts.get_attribute("open") is None and set(fields) - outside:
        facts.locator("summary").click()
    for name, value in fields.items():
        form.locator(f"[name={name}]").fill(value)
    form.locator("[data-upload-submit]").click()


def choose_kind(form):
    """Choose the first kind of document that is asked for."""
    choose(form.locator("select[name=kind]"))


def choose(kind):
    kind.select_option(kind.locator("option[value]:not([value=''])").first.get_attribute("value"))
