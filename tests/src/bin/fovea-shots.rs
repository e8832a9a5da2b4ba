//! Screenshots of the built page: `fovea-shots <folder> [query]`, as `cargo xtask shots` calls it.

use std::path::{Path, PathBuf};
use std::time::Duration;

use anyhow::{Context, Result};
use fovea_tests::page::Page;
use fovea_tests::webdriver::{Options, Screen};

const DESKTOP: Screen = Screen { width: 1440, height: 900, scale: 1.0, phone: false };
const PHONE: Screen = Screen { width: 390, height: 844, scale: 2.0, phone: true };

/// `zoomed` is what 200 % leaves of a desktop.
const SCREENS: [(&str, Screen); 6] = [
    ("desktop", DESKTOP),
    ("zoomed", Screen { width: 720, height: 450, scale: 2.0, phone: false }),
    ("wide", Screen { width: 1920, height: 1080, scale: 1.0, phone: false }),
    ("phone", PHONE),
    ("small", Screen { width: 360, height: 740, scale: 2.0, phone: true }),
    ("stand", Screen { width: 3840, height: 2160, scale: 1.0, phone: false }),
];

const LIGHT: (&str, &str) = ("prefers-color-scheme", "light");
const DARK: (&str, &str) = ("prefers-color-scheme", "dark");

fn main() -> Result<()> {
    let mut args = std::env::args().skip(1);
    let folder = PathBuf::from(args.next().context("usage: fovea-shots <folder> [query]")?);
    let query = args.next().unwrap_or_default();
    std::fs::create_dir_all(&folder).with_context(|| format!("cannot make {}", folder.display()))?;
    let page = Page::open(&Options::default(), &query)?;
    for (name, screen) in SCREENS {
        for colours in [LIGHT, DARK] {
            visit(&page, &query, screen, &[colours], &folder, &format!("{name}-{}", colours.1))?;
        }
    }
    let forced = [LIGHT, ("forced-colors", "active")];
    visit(&page, &query, DESKTOP, &forced, &folder, "desktop-forced")?;
    let chinese = format!("{query}#lang=zh");
    visit(&page, &chinese, DESKTOP, &[LIGHT], &folder, "desktop-chinese")?;
    visit(&page, &chinese, PHONE, &[DARK], &folder, "phone-chinese")
}

/// All pictures of one visit: on such a screen, with such media features.
fn visit(page: &Page, query: &str, screen: Screen, media: &[(&str, &str)], folder: &Path, name: &str) -> Result<()> {
    page.browser.screen(screen)?;
    page.browser.media(&[media, &[("prefers-reduced-motion", "reduce")]].concat())?;
    // Opened again: the layout of a fresh visit, and not one that was resized.
    page.go(query)?;
    // The page says in <html data-state> when the model has loaded.
    let loaded = "document.documentElement.dataset.state !== 'loading'";
    page.wait_for("the page to be ready", loaded, Duration::from_secs(120))?;
    shoot(page, &folder.join(format!("{name}.png")))?;
    page.browser.script("document.querySelector('#use-gaze').click()", &[])?;
    let seen = "document.documentElement.dataset.state === 'ready' && window.fovea.state().fixations.length > 0";
    page.wait_for("the masks of the case's gaze", seen, Duration::from_secs(120))?;
    shoot(page, &folder.join(format!("{name}-gaze.png")))?;
    words(page, folder, name)?;
    models(page, folder, name)?;
    lab(page, folder, name)?;
    doors(page, folder, name)
}

/// Opens a tab of the panel.
fn tab(page: &Page, name: &str) -> Result<()> {
    page.browser.script(&format!("document.querySelector('#tab-{name}').click()"), &[]).map(drop)
}

/// The words: attention to a phrase, and what another word changes.
fn words(page: &Page, folder: &Path, name: &str) -> Result<()> {
    tab(page, "words")?;
    let chip = "#phrases li:not([hidden]) .phrase-toggle";
    let at = format!("const chip = document.querySelector('{chip}'); chip.scrollIntoView({{block: 'center'}});");
    let point = "new PointerEvent('pointerover', {pointerType: 'mouse', bubbles: true})";
    page.browser.script(&format!("{at} chip.dispatchEvent({point})"), &[])?;
    shoot(page, &folder.join(format!("{name}-attention.png")))?;
    let leave = "document.querySelector('#phrases').dispatchEvent(new PointerEvent('pointerleave'))";
    page.browser.script(leave, &[])?;
    let edit = "const menu = document.querySelector('#phrases [data-field=location] select'); if (!menu) return false;
        menu.value = menu.value === 'upper_left' ? 'lower_right' : 'upper_left';
        menu.dispatchEvent(new Event('change', {bubbles: true})); return true";
    if page.browser.script(edit, &[])? == true {
        let done = "document.documentElement.dataset.state === 'ready' && window.fovea.state().change";
        page.wait_for("what another word changed", done, Duration::from_secs(120))?;
        shoot(page, &folder.join(format!("{name}-edited.png")))?;
    }
    Ok(())
}

/// The last domain, and another student.
fn models(page: &Page, folder: &Path, name: &str) -> Result<()> {
    let choose = "const radios = document.querySelectorAll('#domains input'); const last = radios[radios.length - 1];
        if (!last || last.checked) return false; last.closest('label').scrollIntoView({block: 'center'}); last.click(); return true";
    if page.browser.script(choose, &[])? == true {
        let done = "document.documentElement.dataset.state === 'ready' && window.fovea.state().case
            && window.fovea.state().domain === window.fovea.state().domains.at(-1)";
        page.wait_for("another domain", done, Duration::from_secs(120))?;
        page.browser.script("document.querySelector('#use-gaze').click()", &[])?;
        let seen = "document.documentElement.dataset.state === 'ready' && window.fovea.state().fixations.length > 0";
        page.wait_for("the masks of the case's gaze", seen, Duration::from_secs(120))?;
        shoot(page, &folder.join(format!("{name}-domain.png")))?;
    }
    tab(page, "compare")?;
    let flip = "document.querySelector('#students').open = true;
        const on = document.querySelector('#strategy-afc:not(:disabled)'); if (!on) return false;
        on.closest('label').scrollIntoView({block: 'center'}); on.click(); return true";
    if page.browser.script(flip, &[])? == true {
        let drawn = "document.documentElement.dataset.state === 'ready' && window.fovea.maskHash('student')";
        page.wait_for("another student", drawn, Duration::from_secs(120))?;
        shoot(page, &folder.join(format!("{name}-student.png")))?;
    }
    Ok(())
}

/// Students side by side, students that learn, and the lesson.
fn lab(page: &Page, folder: &Path, name: &str) -> Result<()> {
    let side_by_side =
        "document.querySelector('#students').open = false; document.querySelector('#compare-toggle').click()";
    page.browser.script(side_by_side, &[])?;
    let compared = "window.fovea.state().compare?.students.length > 0";
    page.wait_for("the comparison", compared, Duration::from_secs(120))?;
    shoot(page, &folder.join(format!("{name}-compare.png")))?;
    tab(page, "teach")?;
    page.browser.script("document.querySelector('#distil-play').click()", &[])?;
    page.wait_for("twelve steps", "window.fovea.state().live.step >= 12", Duration::from_secs(120))?;
    page.browser.script("document.querySelector('#distil-play').click()", &[])?;
    shoot(page, &folder.join(format!("{name}-distil.png")))?;
    page.browser.script("document.querySelector('#lesson-start').click()", &[])?;
    shoot(page, &folder.join(format!("{name}-lesson.png")))
}

/// What comes in and goes out: the dialogs, an image of the visitor's, and the page on a stand.
fn doors(page: &Page, folder: &Path, name: &str) -> Result<()> {
    let press = |id: &str| page.browser.script(&format!("document.querySelector('{id}').click()"), &[]).map(drop);
    press("#lesson-close")?;
    page.browser.script("scrollTo(0, 0)", &[])?;
    for (opens, shown, closes) in
        [("#gallery-more", "gallery", "#gallery-more"), ("#about-open", "about", "#about-close")]
    {
        press(opens)?;
        shoot(page, &folder.join(format!("{name}-{shown}.png")))?;
        press(closes)?;
    }
    press("#share-open")?;
    shoot(page, &folder.join(format!("{name}-share.png")))?;
    press("#share-close")?;
    press("#camera-open")?;
    page.wait_for("the camera", "!document.querySelector('#camera-take').disabled", Duration::from_secs(60))?;
    shoot(page, &folder.join(format!("{name}-camera.png")))?;
    press("#camera-take")?;
    let taken = "document.documentElement.dataset.state === 'ready' && window.fovea.state().title === 'camera.jpg'";
    page.wait_for("the picture", taken, Duration::from_secs(120))?;
    press("#layer-confidence")?;
    page.browser.script("scrollTo(0, 0)", &[])?;
    shoot(page, &folder.join(format!("{name}-own.png")))?;
    page.go("kiosk&device=cpu")?;
    page.wait_for("the stand", "window.fovea?.state().stand === 'both'", Duration::from_secs(120))?;
    shoot(page, &folder.join(format!("{name}-stand.png")))?;
    press("#stand-begin")?;
    let looks = "document.querySelector('#stage').hasAttribute('data-viewing')";
    page.wait_for("the tour", looks, Duration::from_secs(120))?;
    shoot(page, &folder.join(format!("{name}-tour.png")))
}

fn shoot(page: &Page, file: &Path) -> Result<()> {
    // Two frames: what was drawn last is on the screen.
    page.browser.script("return new Promise(done => requestAnimationFrame(() => requestAnimationFrame(done)))", &[])?;
    std::fs::write(file, page.browser.screenshot()?).with_context(|| format!("cannot write {}", file.display()))?;
    println!("{}", file.display());
    Ok(())
}
