//! The page's address: what it says after its `#`, and how it is written.

use js_sys::Reflect;
use wasm_bindgen::JsValue;
use web_sys::{Event, UrlSearchParams};

use super::address::PAIRS;
use crate::app::elements::window;

/// Puts another address in the place of the page's own, without loading anything.
fn replace(address: &str) {
    let replaced =
        window().history().and_then(|history| history.replace_state_with_url(&JsValue::NULL, "", Some(address)));
    // An address that cannot be changed is as good as one that is not.
    drop(replaced);
}

/// What the address says after its `#`: pairs such as `domain=prostate`, joined by `&`.
fn hash() -> Option<UrlSearchParams> {
    let hash = window().location().hash().ok()?;
    UrlSearchParams::new_with_str(hash.trim_start_matches('#')).ok()
}

/// Puts the address back that a `hashchange` is about: between a visitor's wish and this event the
/// page may have written its own state.
pub fn put_back(event: &Event) {
    let wished = Reflect::get(event, &"newURL".into()).ok().and_then(|url| url.as_string());
    if let Some((_, hash)) = wished.as_deref().and_then(|url| url.split_once('#')) {
        replace(&format!("#{hash}"));
    }
}

/// Under which name the address says the folder of the domain.
const DOMAIN: &str = "domain";

/// What the address asks for after `#name=`.
pub fn asked(name: &str) -> Option<String> {
    hash()?.get(name)
}

/// Writes the language or the domain into the address, so that it can be shared and reloaded. Another domain has other cases, so what the
/// address said about the former one goes.
pub fn write_address(name: &str, value: &str) {
    let known = ["lang", DOMAIN].into_iter().chain(PAIRS);
    let of = |known: &str| if known == name { Some(value.to_owned()) } else { asked(known) };
    let stays = |known: &&str| *known == name || name != DOMAIN || ["lang", "hide"].contains(known);
    write(known.filter(stays).filter_map(|known| Some((known, of(known)?))));
}

/// Writes the state of the page into the address. Language and domain stay as they are there; anything else, such as the place that a
/// link has led to, goes.
pub fn write_state(pairs: &[(&'static str, String)]) {
    let kept = ["lang", DOMAIN].into_iter().filter_map(|name| Some((name, asked(name)?)));
    write(kept.chain(pairs.iter().cloned()));
}

/// The whole address of a state, in the language that the address names; `domain`: the folder, where it must be told.
pub fn link(domain: Option<&str>, pairs: &[(&'static str, String)]) -> String {
    let location = window().location();
    let part = |part: Result<String, JsValue>| part.unwrap_or_default();
    let page = format!("{}{}{}", part(location.origin()), part(location.pathname()), part(location.search()));
    let first = [("lang", asked("lang")), (DOMAIN, domain.map(str::to_owned))];
    let first = first.into_iter().filter_map(|(name, value)| Some((name, value?)));
    format!("{page}{}", hash_of(first.chain(pairs.iter().cloned())))
}

fn hash_of<'a>(pairs: impl Iterator<Item = (&'a str, String)>) -> String {
    let pairs: Vec<String> =
        pairs.map(|(name, value)| format!("{name}={}", String::from(js_sys::encode_uri_component(&value)))).collect();
    format!("#{}", pairs.join("&"))
}

fn write<'a>(pairs: impl Iterator<Item = (&'a str, String)>) {
    let mut hash = hash_of(pairs);
    if hash == "#" {
        // No `#` where nothing follows; an empty address would mean the page's own, `#` and all.
        hash = window().location().pathname().unwrap_or_default() + &window().location().search().unwrap_or_default();
    }
    replace(&hash);
}

/// What the address says after `?key=`.
pub fn query(key: &str) -> Option<String> {
    let search = window().location().search().ok()?;
    UrlSearchParams::new_with_str(&search).ok()?.get(key)
}
