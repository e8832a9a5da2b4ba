//! Measures the built page in Chromium and prints the rows of `results/bench.json` as JSON: see `cargo xtask bench`.

use std::{fs, io::Write, path::Path, time::Duration};

use anyhow::{Context, Result, ensure};
use fovea_tests::{
    page::{Page, dist},
    webdriver::{Adapter, Options, Pointer},
};
use serde_json::{Value, json};

const LIMIT: Duration = Duration::from_secs(300);
/// Clicks on the CPU, and on WebGPU, where SwiftShader computes on the CPU and takes its time.
const CLICKS: [usize; 2] = [30, 8];

fn main() -> Result<()> {
    let folder = dist()?;
    let mut rows = Vec::new();
    let mut row = |name: &str, unit: &str, value: f64| rows.push(json!({ "name": name, "unit": unit, "value": value }));
    for (backend, adapter, clicks) in [("cpu", Adapter::None, CLICKS[0]), ("webgpu", Adapter::SwiftShader, CLICKS[1])] {
        let measured = page(backend, adapter, clicks).with_context(|| format!("the page on {backend}"))?;
        let shown = if backend == "webgpu" { "webgpu.swiftshader" } else { backend };
        row(&format!("click.teacher.{shown}"), "ms, p50", quantile(&measured.clicks, 0.5));
        row(&format!("click.teacher.{shown}.p95"), "ms, p95", quantile(&measured.clicks, 0.95));
        row(&format!("embed.{shown}"), "ms", measured.embed);
        row(&format!("first_mask.{shown}"), "ms from navigation", measured.first_mask);
        row(&format!("main_thread.click.{shown}"), LONG, measured.blocked[0]);
        row(&format!("main_thread.click.{shown}.gap"), GAP, measured.blocked[1]);
        if backend == "cpu" {
            row("text_readable.cpu", "ms from navigation", measured.readable);
        }
    }
    for (name, second) in [("distil.step.cpu", NOBODY), ("distil.step.cpu.two", "afc+cwc+darm")] {
        let live = learn(second).with_context(|| format!("learning with {second}"))?;
        row(
            name,
            if second == NOBODY { "ms, one student" } else { "ms, two students, one with all strategies" },
            live.step,
        );
        row(&format!("{name}.first_change"), "ms from Play to another mask", live.first_change);
        row(&format!("{name}.dice_after_3_s"), "Dice of the first student on the first case", live.dice);
        row(&format!("{name}.main_thread"), LONG, live.blocked[0]);
        row(&format!("{name}.main_thread.gap"), GAP, live.blocked[1]);
    }
    let wasm = fs::read(xtask::page::wasm(&folder)?)?;
    row("page.wasm", "bytes, raw", wasm.len() as f64);
    row("page.wasm.brotli", "bytes", compressed(&wasm)? as f64);
    row("page.transfer", "bytes, brotli, first visit", transfer(&folder)? as f64);
    println!("{}", serde_json::to_string_pretty(&rows)?);
    Ok(())
}

/// The units of the two measures of [`WATCH`].
const LONG: &str = "ms, longest task of the window; 0: none above 50";
const GAP: &str = "ms, longest between two messages of the window to itself";

/// The menu's value for no second student.
const NOBODY: &str = "nobody";

/// Two measures of how long the window was busy at once. Its tasks, of which the browser names those above 50 ms (`long`; 0: none was), and
/// messages that it sends itself one after the other (`busy`): between two of them may lie several tasks, and what other programs of this
/// machine took of its time.
const WATCH: &str = "window.long = 0; new PerformanceObserver(list => list.getEntries().forEach(task => window.long = Math.max(window.long, task.duration))).observe({ type: 'longtask' });
    const { port1, port2 } = new MessageChannel(); let last = performance.now(); window.busy = 0;
    port1.onmessage = () => { const now = performance.now(); window.busy = Math.max(window.busy, now - last); last = now; port2.postMessage(0); };
    port2.postMessage(0);";

/// Students that learn in the tab.
struct Learnt {
    /// Time of a step, the mean of those of three seconds, in ms.
    step: f64,
    /// From the press of Play to the first mask that is another one, in ms.
    first_change: f64,
    /// Dice of the first student after three seconds.
    dice: f64,
    /// Longest task and longest time that the window was busy, in ms: see [`WATCH`].
    blocked: [f64; 2],
}

/// Lets fresh students learn from the gaze of the first case for three seconds.
fn learn(second: &str) -> Result<Learnt> {
    let page = Page::open(&Options { adapter: Adapter::None, ..Options::default() }, "device=cpu")?;
    let ready = "document.documentElement.dataset.state === 'ready'";
    page.wait_for("the page", ready, LIMIT)?;
    let set = "document.querySelector('#use-gaze').click(); const menu = document.querySelector('#distil-second');
        menu.value = arguments[0]; menu.dispatchEvent(new Event('change', { bubbles: true })); return [...menu.options].map(o => o.value)";
    let chosen = page.browser.script(set, &[json!(second)])?;
    page.wait_for("the gaze", &format!("{ready} && window.fovea.state().fixations.length > 0"), LIMIT)?;
    let body = format!(
        "{WATCH} const state = () => window.fovea.state().live; const wait = ms => new Promise(done => setTimeout(done, ms));
        const begin = performance.now(); document.querySelector('#distil-play').click();
        let first; const hash = () => state().students[0]?.hash; let before;
        while (performance.now() - begin < 3000) {{ await wait(10); before ??= hash(); if (before && hash() !== before) first ??= performance.now() - begin; }}
        const {{ step, speed, students }} = state(); document.querySelector('#distil-play').click();
        return {{ first, step, speed, dice: students[0].dice, count: students.length, busy, long }}"
    );
    let found = page.browser.script(&format!("return (async () => {{ {body} }})()"), &[])?;
    let wanted = if second == NOBODY { 1 } else { 2 };
    ensure!(found["count"] == wanted, "{} students learn, not {wanted}: the menu has {chosen}", found["count"]);
    let number =
        |name: &str| found[name].as_f64().with_context(|| format!("there is no {name} after three seconds: {found}"));
    Ok(Learnt {
        step: 1e3 / number("speed")?,
        first_change: number("first")?,
        dice: number("dice")?,
        blocked: [number("long")?, number("busy")?],
    })
}

struct Measured {
    /// From navigation to the first text on the screen, in ms.
    readable: f64,
    /// Longest task and longest time that the window was busy while masks were made, in ms: see [`WATCH`].
    blocked: [f64; 2],
    /// From a change of the gaze to the drawn mask, in ms.
    clicks: Vec<f64>,
    embed: f64,
    first_mask: f64,
}

fn page(backend: &str, adapter: Adapter, clicks: usize) -> Result<Measured> {
    let page = Page::open(&Options { adapter, ..Options::default() }, &format!("device={backend}"))?;
    let name = if backend == "cpu" { "CPU" } else { "WebGPU" };
    let ready = "document.documentElement.dataset.state === 'ready'";
    page.wait_for("the page", ready, LIMIT)?;
    let first_mask = page.browser.script("return performance.now()", &[])?.as_f64().unwrap_or(f64::NAN);
    page.wait_for(name, &format!("{ready} && window.fovea.state().device === '{name}'"), LIMIT)?;
    let index = usize::from(backend != "cpu");
    let report = page.browser.script(&format!("return window.fovea.state().reports[{index}]"), &[])?;
    let readable = "return performance.getEntriesByName('first-contentful-paint')[0]?.startTime";
    let readable =
        page.browser.script(readable, &[])?.as_f64().context("the browser has not said when it drew first")?;
    page.browser.script("window.fovea.clickLatencies.length = 0", &[])?;
    page.browser.script(WATCH, &[])?;
    let canvas = page.browser.find("#stage-canvas")?;
    for click in 0..clicks {
        let angle = click as f64 * 2.4;
        let at = (0.5 + 0.3 * angle.cos(), 0.5 + 0.3 * angle.sin());
        canvas.tap(Pointer::Mouse, at)?;
        page.wait_for("the mask", &format!("{ready} && window.fovea.clickLatencies.length > {click}"), LIMIT)?;
    }
    let clicks: Vec<f64> = page
        .browser
        .script("return Array.from(window.fovea.clickLatencies)", &[])?
        .as_array()
        .into_iter()
        .flatten()
        .filter_map(Value::as_f64)
        .collect();
    ensure!(!clicks.is_empty(), "no click was measured");
    let blocked = page.browser.script("return [long, busy]", &[])?;
    let blocked = [0, 1].map(|i: usize| blocked[i].as_f64().unwrap_or(f64::NAN));
    Ok(Measured {
        clicks,
        embed: report["embed_ms"].as_f64().context("the report has no embed_ms")?,
        first_mask,
        readable,
        blocked,
    })
}

/// The nearest-rank quantile.
fn quantile(values: &[f64], q: f64) -> f64 {
    let mut sorted = values.to_vec();
    sorted.sort_by(f64::total_cmp);
    sorted[((sorted.len() as f64 * q).ceil() as usize).clamp(1, sorted.len()) - 1]
}

/// What a first visit fetches before the first mask, each file as brotli would send it, or as it is where that is smaller.
fn transfer(folder: &Path) -> Result<usize> {
    let first = xtask::dist::first_visit(folder)?;
    let mut total = 0;
    for name in xtask::seal::files(folder)?.iter().filter(|name| first(name)) {
        let bytes = fs::read(folder.join(name))?;
        total += compressed(&bytes)?.min(bytes.len());
    }
    Ok(total)
}

fn compressed(bytes: &[u8]) -> Result<usize> {
    let mut out = Vec::new();
    let mut writer = brotli::CompressorWriter::new(&mut out, 1 << 16, 9, 24);
    writer.write_all(bytes)?;
    drop(writer);
    Ok(out.len())
}
