//! chromedriver as a child, and how it starts Chromium.

use std::fs;
use std::io::{BufRead, BufReader, Read};
use std::path::PathBuf;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use anyhow::{Context, Result, bail};
use fantoccini::wd::Capabilities;
use serde_json::{Value, json};
use tempfile::TempDir;

use super::{Adapter, Options};

/// The flags that the wasm tests use too: one list for both drivers.
const WEBDRIVER_JSON: &str = include_str!("../../../web/webdriver.json");

/// A running chromedriver with a folder for one browser; dropping it ends both.
pub(super) struct Driver {
    child: Child,
    port: u16,
    profile: TempDir,
}

impl Driver {
    /// Starts chromedriver on a free port.
    pub(super) fn start() -> Result<Driver> {
        let program = xtask::system::chromedriver()
            .context("there is no chromedriver\nremedy: apt-get install chromium-driver, or name it in CHROMEDRIVER")?;
        let profile = tempfile::Builder::new()
            .prefix("fovea-chromium-")
            .tempdir()
            .context("cannot make a folder for the browser")?;
        let mut child = Command::new(&program)
            .arg("--port=0")
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .with_context(|| format!("cannot start {}", program.display()))?;
        let stdout = child.stdout.take().context("chromedriver has no output")?;
        // From here on the drop ends the child, whatever happens.
        let mut driver = Driver { child, port: 0, profile };
        let mut lines = BufReader::new(stdout);
        let mut said = String::new();
        while driver.port == 0 {
            let start = said.len();
            if lines.read_line(&mut said).context("cannot read what chromedriver says")? == 0 {
                bail!("chromedriver ended at once; it said: {said}");
            }
            if let Some(rest) = said[start..].split("successfully on port ").nth(1) {
                driver.port = rest.trim().trim_end_matches('.').parse().context("chromedriver names no port")?;
            }
        }
        // Keeps its pipe from filling up; ends with it.
        std::thread::spawn(move || lines.read_to_end(&mut Vec::new()));
        Ok(driver)
    }

    /// The driver's address.
    pub(super) fn url(&self) -> String {
        format!("http://127.0.0.1:{}", self.port)
    }

    /// The capabilities of a session as `options` want it.
    pub(super) fn capabilities(&self, options: &Options) -> Result<Capabilities> {
        let mut json: Value = serde_json::from_str(WEBDRIVER_JSON).context("web/webdriver.json is not JSON")?;
        let chrome = &mut json["goog:chromeOptions"];
        let flags = chrome["args"].as_array().context("web/webdriver.json has no args")?;
        let mut args: Vec<String> = flags.iter().filter_map(|flag| flag.as_str().map(str::to_owned)).collect();
        if options.adapter == Adapter::None {
            args.retain(|flag| !flag.contains("webgpu"));
        }
        args.push(format!("--user-data-dir={}", self.profile.path().display()));
        args.push(format!("--window-size={},{}", options.width, options.height));
        args.push("--hide-scrollbars".to_owned());
        chrome["args"] = json!(args);
        let browser = xtask::system::chromium()
            .context("there is no Chromium\nremedy: apt-get install chromium, or name it in FOVEA_CHROMIUM")?;
        chrome["binary"] = json!(browser);
        json["goog:loggingPrefs"] = json!({"browser": "ALL"});
        if options.network {
            json["goog:loggingPrefs"]["performance"] = json!("ALL");
        }
        json["browserName"] = json!("chrome");
        json["unhandledPromptBehavior"] = json!("accept");
        serde_json::from_value(json).context("web/webdriver.json is not an object")
    }

    /// Memory of the browser's processes, in bytes: the sum of their proportional set sizes.
    pub(super) fn memory(&self) -> Result<u64> {
        let of = |pid: &String| {
            // A process may end while it is asked.
            let text = fs::read_to_string(format!("/proc/{pid}/smaps_rollup")).ok()?;
            let line = text.lines().find_map(|line| line.strip_prefix("Pss:"))?;
            line.trim().strip_suffix("kB")?.trim().parse::<u64>().ok()
        };
        let sizes: Vec<u64> = self.browser_processes().iter().filter_map(of).collect();
        anyhow::ensure!(!sizes.is_empty(), "/proc tells nothing of the browser's processes");
        Ok(sizes.iter().sum::<u64>() * 1024)
    }

    /// The processes that run on this driver's profile folder: the browser and what it started.
    fn browser_processes(&self) -> Vec<String> {
        let profile = self.profile.path().to_string_lossy().into_owned();
        let entries = fs::read_dir("/proc").into_iter().flatten().flatten();
        let number = |path: PathBuf| {
            path.file_name()?.to_str().filter(|name| name.bytes().all(|b| b.is_ascii_digit())).map(str::to_owned)
        };
        let ours = |pid: &String| {
            let line = fs::read(format!("/proc/{pid}/cmdline")).unwrap_or_default();
            String::from_utf8_lossy(&line).contains(&profile)
        };
        entries.filter_map(|entry| number(entry.path())).filter(ours).collect()
    }
}

impl Drop for Driver {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
        // A browser that was busy when its session ended may be left over, and would keep computing.
        let patience = Instant::now() + Duration::from_secs(2);
        loop {
            let left = self.browser_processes();
            if left.is_empty() {
                break;
            }
            if Instant::now() > patience {
                let _ = Command::new("kill").arg("-KILL").args(&left).stderr(Stdio::null()).status();
                break;
            }
            std::thread::sleep(Duration::from_millis(50));
        }
    }
}
