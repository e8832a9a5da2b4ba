//! The address of this page for the phone of a visitor. Plain data.

/// The address without what makes the page a stand: `page` is origin and path, `search` what begins
/// with `?`, `domain` the folder of the domain, where it must be told. Nothing where a phone cannot
/// reach `host`: it is this computer's own name.
pub fn for_phone(page: &str, host: &str, search: &str, domain: Option<&str>) -> Option<String> {
    if !reached(host) {
        return None;
    }
    let stays = |pair: &&str| !pair.is_empty() && pair.split('=').next() != Some("kiosk");
    let rest: Vec<&str> = search.trim_start_matches('?').split('&').filter(stays).collect();
    let search = if rest.is_empty() { String::new() } else { format!("?{}", rest.join("&")) };
    let hash = domain.map(|folder| format!("#domain={folder}")).unwrap_or_default();
    Some(format!("{page}{search}{hash}"))
}

/// Whether another device can reach a host of this name, as far as the name tells.
fn reached(host: &str) -> bool {
    let host = host.trim_start_matches('[').trim_end_matches(']').to_ascii_lowercase();
    let own = ["", "localhost", "::1", "::", "0.0.0.0"].contains(&host.as_str());
    !(own || host.ends_with(".localhost") || host.starts_with("127."))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_address_loses_the_stand_and_nothing_else() {
        let of = |search, domain| for_phone("https://example.org/fovea/", "example.org", search, domain);
        assert_eq!(of("?kiosk", None).as_deref(), Some("https://example.org/fovea/"));
        assert_eq!(of("?kiosk=20&device=cpu", None).as_deref(), Some("https://example.org/fovea/?device=cpu"));
        assert_eq!(of("", Some("skin")).as_deref(), Some("https://example.org/fovea/#domain=skin"));
        assert_eq!(of("?kiosks=1", None).as_deref(), Some("https://example.org/fovea/?kiosks=1"));
    }

    #[test]
    fn a_phone_reaches_no_address_of_this_computer_alone() {
        for host in ["localhost", "LOCALHOST", "page.localhost", "127.0.0.1", "127.9.9.9", "[::1]", "0.0.0.0", ""] {
            assert_eq!(for_phone("http://x/", host, "", None), None, "{host}");
        }
        for host in ["192.168.1.20", "stand.local", "example.org", "[2001:db8::1]"] {
            assert!(for_phone("http://x/", host, "", None).is_some(), "{host}");
        }
    }
}
