//! A small client of the W3C WebDriver protocol, for chromedriver.
//!
//! No crate for it: the usual ones bring an asynchronous runtime and TLS, minutes of building for a dozen HTTP calls to
//! this machine. Protocol: <https://www.w3.org/TR/webdriver2/>; the `goog` calls are chromedriver's.

mod element;
mod launch;

use std::time::Duration;

use anyhow::{Context, Result, anyhow, bail};
use base64::Engine;
use serde_json::{Value, json};

pub use element::{Element, Pointer};
use launch::Driver;

/// Longer than any command may take; scripts have their own limit below it.
const HTTP_TIMEOUT: Duration = Duration::from_secs(330);
/// The most an asynchronous script may take: WebGPU on a CPU is slow.
const SCRIPT_TIMEOUT: Duration = Duration::from_secs(300);
/// A screenshot of a large window, in base64.
const ANSWER_LIMIT: u64 = 256 << 20;

/// What `navigator.gpu.requestAdapter()` finds in the browser.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Adapter {
    /// A WebGPU adapter that computes on the CPU.
    #[default]
    SwiftShader,
    /// `navigator.gpu` exists, its adapter is null.
    None,
}

/// How to open a browser.
#[derive(Clone, Debug)]
pub struct Options {
    /// Whether there is WebGPU.
    pub adapter: Adapter,
    /// Width of the window's content, CSS pixels.
    pub width: u32,
    /// Height of the window's content, CSS pixels.
    pub height: u32,
    /// Whether requests are noted, for [`Browser::requests`].
    pub network: bool,
}

impl Default for Options {
    fn default() -> Self {
        Options { adapter: Adapter::SwiftShader, width: 1280, height: 800, network: false }
    }
}

/// The screen that a page is made to see.
#[derive(Clone, Copy, Debug)]
pub struct Screen {
    /// Width, CSS pixels.
    pub width: u32,
    /// Height, CSS pixels.
    pub height: u32,
    /// Device pixels per CSS pixel.
    pub scale: f64,
    /// A phone: touch instead of a mouse, the viewport's meta tag is heeded, overlay scroll bars.
    pub phone: bool,
}

/// A line of the browser's console.
#[derive(Clone, Debug)]
pub struct LogEntry {
    /// `SEVERE`, `WARNING`, `INFO` or `DEBUG`.
    pub level: String,
    /// `console-api`, `javascript`, `network`, `security`, ..
    pub source: String,
    /// The text, with the place it came from in front.
    pub message: String,
}

/// A browser of its own: fresh profile, own driver. Dropping it ends both.
pub struct Browser {
    driver: Driver,
    agent: ureq::Agent,
    /// `http://127.0.0.1:<port>/session/<id>`
    session: String,
}

impl Browser {
    /// Starts chromedriver and a headless Chromium.
    ///
    /// # Errors
    /// One of them is not installed or does not start.
    pub fn open(options: &Options) -> Result<Browser> {
        let driver = Driver::start()?;
        let config = ureq::Agent::config_builder().timeout_global(Some(HTTP_TIMEOUT)).http_status_as_error(false);
        let mut browser = Browser { agent: config.build().into(), session: driver.url(), driver };
        let capabilities = browser.driver.capabilities(options)?;
        let answer = browser.command("POST", "/session", &json!({"capabilities": {"alwaysMatch": capabilities}}))?;
        let id = answer["sessionId"].as_str().context("the driver gave no session")?;
        browser.session = format!("{}/session/{id}", browser.driver.url());
        let timeouts = json!({"script": SCRIPT_TIMEOUT.as_millis() as u64, "pageLoad": 60_000, "implicit": 0});
        browser.command("POST", "/timeouts", &timeouts)?;
        browser.screen(Screen { width: options.width, height: options.height, scale: 1.0, phone: false })?;
        Ok(browser)
    }

    /// Sends one command; `path` is below the session's address.
    ///
    /// # Errors
    /// Names the command, and what the driver said of it.
    pub fn command(&self, method: &str, path: &str, body: &Value) -> Result<Value> {
        let name = format!("WebDriver {method} {path}");
        let url = format!("{}{path}", self.session);
        let sent = match method {
            "GET" => self.agent.get(&url).call(),
            "DELETE" => self.agent.delete(&url).call(),
            _ => self.agent.post(&url).send_json(body),
        };
        let mut answer = sent.with_context(|| format!("{name}: no answer from chromedriver"))?;
        let mut json: Value = answer
            .body_mut()
            .with_config()
            .limit(ANSWER_LIMIT)
            .read_json()
            .with_context(|| format!("{name}: the answer is not JSON"))?;
        let value = json["value"].take();
        match value["error"].as_str() {
            Some(error) if !answer.status().is_success() => {
                let message = value["message"].as_str().unwrap_or_default();
                // The rest is the driver's own stack.
                Err(anyhow!("{name}: {error}: {}", message.split("\n#0 ").next().unwrap_or_default().trim_end()))
            }
            _ => Ok(value),
        }
    }

    /// Opens an address and waits for its `load` event.
    ///
    /// # Errors
    /// The page cannot be loaded.
    pub fn go(&self, url: &str) -> Result<()> {
        self.command("POST", "/url", &json!({"url": url})).map(drop)
    }

    /// Loads the page anew.
    ///
    /// # Errors
    /// The page cannot be loaded.
    pub fn reload(&self) -> Result<()> {
        self.command("POST", "/refresh", &json!({})).map(drop)
    }

    /// The title of the page.
    ///
    /// # Errors
    /// The browser is gone.
    pub fn title(&self) -> Result<String> {
        Ok(self.command("GET", "/title", &Value::Null)?.as_str().unwrap_or_default().to_owned())
    }

    /// The first element that a CSS selector finds.
    ///
    /// # Errors
    /// There is none.
    pub fn find(&self, css: &str) -> Result<Element<'_>> {
        let value = self.command("POST", "/element", &json!({"using": "css selector", "value": css}));
        let value = value.with_context(|| format!("looking for `{css}`"))?;
        Element::new(self, &value, css)
    }

    /// All elements that a CSS selector finds, in the order of the document.
    ///
    /// # Errors
    /// The selector is malformed.
    pub fn find_all(&self, css: &str) -> Result<Vec<Element<'_>>> {
        let value = self.command("POST", "/elements", &json!({"using": "css selector", "value": css}))?;
        value.as_array().into_iter().flatten().map(|value| Element::new(self, value, css)).collect()
    }

    /// Runs the body of a function in the page and returns its result; a promise is awaited. The arguments are in
    /// `arguments`; an element goes in as [`Element::reference`].
    ///
    /// # Errors
    /// The script throws, or its promise is rejected.
    pub fn script(&self, script: &str, args: &[Value]) -> Result<Value> {
        let value = self.command("POST", "/execute/sync", &json!({"script": script, "args": args}));
        value.with_context(|| format!("running the script `{script}`"))
    }

    /// Runs the body of a function that calls its last argument with the result when it has it.
    ///
    /// # Errors
    /// The script throws, or does not call back in five minutes.
    pub fn script_async(&self, script: &str, args: &[Value]) -> Result<Value> {
        let value = self.command("POST", "/execute/async", &json!({"script": script, "args": args}));
        value.with_context(|| format!("running the asynchronous script `{script}`"))
    }

    /// What is to be seen of the page, as a PNG.
    ///
    /// # Errors
    /// The browser cannot draw.
    pub fn screenshot(&self) -> Result<Vec<u8>> {
        png(&self.command("GET", "/screenshot", &Value::Null)?)
    }

    /// The console since the last call: messages of the page and of its workers, uncaught errors, failed requests.
    ///
    /// # Errors
    /// The browser is gone.
    pub fn log(&self) -> Result<Vec<LogEntry>> {
        let entries = self.command("POST", "/se/log", &json!({"type": "browser"}))?;
        let text = |entry: &Value, key: &str| entry[key].as_str().unwrap_or_default().to_owned();
        let entry =
            |e: &Value| LogEntry { level: text(e, "level"), source: text(e, "source"), message: text(e, "message") };
        Ok(entries.as_array().into_iter().flatten().map(entry).collect())
    }

    /// Calls the Chrome DevTools Protocol.
    ///
    /// # Errors
    /// The browser refuses the call.
    pub fn devtools(&self, method: &str, params: &Value) -> Result<Value> {
        let value = self.command("POST", "/goog/cdp/execute", &json!({"cmd": method, "params": params}));
        value.with_context(|| format!("DevTools {method}"))
    }

    /// Runs a script in every page that is opened from now on, before any script of its own.
    ///
    /// # Errors
    /// The browser is gone.
    pub fn before_scripts(&self, script: &str) -> Result<()> {
        self.devtools("Page.addScriptToEvaluateOnNewDocument", &json!({"source": script})).map(drop)
    }

    /// The addresses that the page has asked for since the last call, whatever came of it. Needs [`Options::network`].
    ///
    /// # Errors
    /// The browser is gone, or was opened without that option.
    pub fn requests(&self) -> Result<Vec<String>> {
        let entries = self.command("POST", "/se/log", &json!({"type": "performance"}))?;
        let address = |entry: &Value| {
            let message: Value = serde_json::from_str(entry["message"].as_str()?).ok()?;
            let message = &message["message"];
            let sent =
                message["method"] == "Network.requestWillBeSent" || message["method"] == "Network.webSocketCreated";
            let url = message["params"]["request"]["url"].as_str().or_else(|| message["params"]["url"].as_str())?;
            sent.then(|| url.to_owned())
        };
        Ok(entries.as_array().into_iter().flatten().filter_map(address).collect())
    }

    /// Makes the page see another screen.
    ///
    /// # Errors
    /// The browser is gone.
    pub fn screen(&self, screen: Screen) -> Result<()> {
        let Screen { width, height, scale, phone } = screen;
        let metrics = json!({"width": width, "height": height, "deviceScaleFactor": scale, "mobile": phone});
        self.devtools("Emulation.setDeviceMetricsOverride", &metrics)?;
        let touch = json!({"enabled": phone, "maxTouchPoints": if phone { 5 } else { 1 }});
        self.devtools("Emulation.setTouchEmulationEnabled", &touch).map(drop)
    }

    /// Sets media features, such as `("prefers-color-scheme", "dark")` or `("prefers-reduced-motion", "reduce")`, in the
    /// place of those set before.
    ///
    /// # Errors
    /// The browser is gone.
    pub fn media(&self, features: &[(&str, &str)]) -> Result<()> {
        let features: Vec<Value> = features.iter().map(|(name, value)| json!({"name": name, "value": value})).collect();
        self.devtools("Emulation.setEmulatedMedia", &json!({"features": features})).map(drop)
    }

    /// Cuts the page off from the network, or lets it have it again.
    ///
    /// # Errors
    /// The browser is gone.
    pub fn offline(&self, offline: bool) -> Result<()> {
        self.devtools("Network.enable", &json!({}))?;
        let conditions = json!({"offline": offline, "latency": 0, "downloadThroughput": -1, "uploadThroughput": -1});
        self.devtools("Network.emulateNetworkConditions", &conditions).map(drop)
    }

    /// Performs a sequence of input actions and lets go of everything that is still pressed.
    fn actions(&self, sources: &Value) -> Result<()> {
        self.command("POST", "/actions", &json!({"actions": sources}))?;
        self.command("DELETE", "/actions", &Value::Null).map(drop)
    }

    /// Presses a key combination, such as `&["Control", "z"]` or `&["Delete"]`, wherever the focus is.
    ///
    /// # Errors
    /// A key is not known.
    pub fn keys(&self, combination: &[&str]) -> Result<()> {
        let keys = combination.iter().map(|name| element::key(name)).collect::<Result<Vec<_>>>()?;
        let down = keys.iter().map(|key| json!({"type": "keyDown", "value": key}));
        let up = keys.iter().rev().map(|key| json!({"type": "keyUp", "value": key}));
        let all: Vec<Value> = down.chain(up).collect();
        self.actions(&json!([{"type": "key", "id": "keyboard", "actions": all}]))
    }
}

impl Drop for Browser {
    fn drop(&mut self) {
        // The polite way first; the driver's own end makes sure of it.
        if self.session != self.driver.url() {
            let agent: ureq::Agent =
                ureq::Agent::config_builder().timeout_global(Some(Duration::from_secs(10))).build().into();
            let _ = agent.delete(&self.session).call();
        }
    }
}

/// A picture in an answer.
fn png(value: &Value) -> Result<Vec<u8>> {
    let Some(text) = value.as_str() else { bail!("the screenshot is not text") };
    base64::engine::general_purpose::STANDARD.decode(text).context("the screenshot is not base64")
}
