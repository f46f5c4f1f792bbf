"""What a reader's browser makes of the file: offline, on a page, on a phone, on paper, in the dark."""

import shutil

import pytest
from report.invented import report_input

from tolqyn.report import build_report, write_report

pytestmark = pytest.mark.browser

# As root there is no sandbox; the rest keeps the browser itself from calling home.
ARGUMENTS = ["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-component-update"]


@pytest.fixture(scope="module")
def browser(absent):
    chromium = shutil.which("chromium")
    if chromium is None:
        absent("chromium")
    sync_api = pytest.importorskip("playwright.sync_api")
    with sync_api.sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium, args=ARGUMENTS)
        yield browser
        browser.close()


@pytest.fixture(scope="module")
def address(tmp_path_factory):
    subjects = (("ISL", "NOR"), ("ISL", "any"))
    (file,) = write_report(
        build_report(report_input(subjects=subjects)), tmp_path_factory.mktemp("out") / "report.html"
    )
    return file.as_uri()


@pytest.fixture
def page(browser, address, request):
    """The report, opened offline as asked for; `page.heard` is everything it logged or asked for."""
    context = browser.new_context(offline=True, **getattr(request, "param", {}))
    page = context.new_page()
    page.heard = []
    page.on("console", lambda message: page.heard.append(message.text))
    page.on("pageerror", lambda error: page.heard.append(str(error)))
    page.on(
        "request",
        lambda asked: page.heard.append(asked.url) if not asked.url.startswith(("file:", "data:")) else None,
    )
    page.goto(address)
    page.evaluate("document.fonts.ready")
    yield page
    context.close()


PHONE = {"viewport": {"width": 360, "height": 740}}
DARK = {"viewport": {"width": 1280, "height": 900}, "color_scheme": "dark"}
PLAIN = {"viewport": {"width": 1280, "height": 900}, "java_script_enabled": True}
EVERY = pytest.mark.parametrize("page", [PHONE, DARK, PLAIN], indirect=True, ids=["phone", "dark", "page"])


@EVERY
def test_it_asks_for_nothing_and_reports_no_error(page):
    assert page.heard == []


@EVERY
def test_nothing_is_wider_than_the_window(page):
    wide = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")

    assert wide == 0


@EVERY
def test_one_form_of_each_picture_is_seen_and_its_letters_are_large_enough(page):
    shown = page.evaluate(
        """[...document.querySelectorAll('figure')].map(figure => [...figure.querySelectorAll('svg')]
           .filter(svg => svg.getBoundingClientRect().width > 0).map(svg => [...svg.querySelectorAll('text')]
           .reduce((least, text) => Math.min(least, parseFloat(text.getAttribute('font-size'))
             * svg.getBoundingClientRect().width / svg.viewBox.baseVal.width), 99)))"""
    )

    assert shown
    assert all(len(figure) == 1 for figure in shown)
    assert min(least for (least,) in shown) >= 9.3


@pytest.mark.parametrize("page", [PLAIN], indirect=True)
def test_its_own_faces_are_used(page):
    assert page.evaluate("[...document.fonts].filter(face => face.status == 'loaded').length") >= 3


@EVERY
def test_words_stand_out_from_their_ground(page):
    """WCAG 2.2 AA: a contrast of at least 4.5 for words of ordinary size."""
    least = page.evaluate(
        """() => {
          const light = c => { const [r, g, b] = c.match(/[\\d.]+/g).slice(0, 3).map(v => v / 255)
            .map(v => v <= 0.04045 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4); return 0.2126 * r + 0.7152 * g + 0.0722 * b };
          const ground = light(getComputedStyle(document.body).backgroundColor);
          const words = [...document.querySelectorAll('p, a, dt, dd, li, td, th, h1, h2, h3, summary, blockquote, .label')]
            .map(e => getComputedStyle(e).color);
          const marks = [...document.querySelectorAll('svg text:not([aria-hidden])')].map(e => getComputedStyle(e).fill);
          return Math.min(...[...words, ...marks].map(light).map(l => (Math.max(l, ground) + 0.05) / (Math.min(l, ground) + 0.05)));
        }"""
    )

    assert least >= 4.5


@pytest.mark.parametrize("page", [PLAIN], indirect=True)
def test_a_figure_opens_its_evidence(page):
    page.click(".cards a.value")

    target = page.evaluate("document.querySelector(':target').textContent")
    assert "90 % interval" in target
    page.click(":target dl a")
    assert "Invented Border Office" in page.evaluate("document.querySelector(':target').textContent")


@pytest.mark.parametrize("page", [PLAIN], indirect=True)
def test_it_prints_on_few_pages_in_the_wide_form(page, tmp_path):
    pypdf = pytest.importorskip("pypdf")
    page.pdf(path=tmp_path / "print.pdf", prefer_css_page_size=True)

    pages = pypdf.PdfReader(tmp_path / "print.pdf").pages
    assert len(pages) <= 16
    assert float(pages[0].mediabox.width) == pytest.approx(595, abs=2)  # A4
