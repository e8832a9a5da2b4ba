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
    }
    let wasm = fs::read(xtask::page::wasm(&folder)?)?;
    row("page.wasm", "bytes, raw", wasm.len() as f64);
    row("page.wasm.brotli", "bytes", compressed(&wasm)? as f64);
    row("page.transfer", "bytes, brotli, first visit", transfer(&folder)? as f64);
    println!("{}", serde_json::to_string_pretty(&rows)?);
    Ok(())
}

struct Measured {
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
    page.browser.script("window.fovea.clickLatencies.length = 0", &[])?;
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
    Ok(Measured { clicks, embed: report["embed_ms"].as_f64().context("the report has no embed_ms")?, first_mask })
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
