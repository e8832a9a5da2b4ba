//! chromedriver's own commands, which are not part of the WebDriver protocol.

use axum::http::Method;
use fantoccini::wd::WebDriverCompatibleCommand;
use serde_json::{Value, json};
use url::{ParseError, Url};

/// A command of chromedriver's own.
#[derive(Debug)]
pub(super) enum ChromeCommand {
    /// The entries of a log since the last call: `browser` or `performance`.
    Log(&'static str),
    /// A call of the Chrome DevTools Protocol.
    DevTools {
        /// Such as `Page.enable`.
        method: String,
        /// Its parameters.
        params: Value,
    },
}

impl WebDriverCompatibleCommand for ChromeCommand {
    fn endpoint(&self, base: &Url, session: Option<&str>) -> Result<Url, ParseError> {
        let path = match self {
            ChromeCommand::Log(_) => "se/log",
            ChromeCommand::DevTools { .. } => "goog/cdp/execute",
        };
        base.join(&format!("session/{}/{path}", session.unwrap_or_default()))
    }

    fn method_and_body(&self, _: &Url) -> (Method, Option<String>) {
        let body = match self {
            ChromeCommand::Log(name) => json!({"type": name}),
            ChromeCommand::DevTools { method, params } => json!({"cmd": method, "params": params}),
        };
        (Method::POST, Some(body.to_string()))
    }
}
