//! The address of a server, taken apart strictly, so that nothing that only looks like this machine is taken for it.

use core::net::{Ipv4Addr, Ipv6Addr};
use std::fmt;

/// Where a server is: `http://127.0.0.1:8080/v1`. Without credentials, query or fragment, since none can be held.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Address {
    /// Whether the connection is encrypted (`https`).
    pub secure: bool,
    /// Host in lower case: a name, an IPv4 address, or an IPv6 address without its brackets.
    pub host: String,
    /// Port, where one is given.
    pub port: Option<u16>,
    /// Path without a slash at its end: `/v1`, or empty.
    pub path: String,
}

/// Why a text is not an address that can be used. Never repeats the text, which may hold a password.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum AddressError {
    /// No `http://` or `https://`.
    #[error("the server's address must begin with http:// or https://, for example http://127.0.0.1:8080/v1")]
    Scheme,
    /// `user:password@host`.
    #[error(
        "the server's address must not hold a name or password (everything before an `@`): it would end up in logs and \
         records; give the key in the environment variable FOVEA_API_KEY"
    )]
    Credentials,
    /// `?key=...` or `#...`.
    #[error("the server's address must end with its path, for example /v1: no `?` and no `#`")]
    Query,
    /// No host, or one with characters that a host cannot have.
    #[error("the server's address names no usable host; expected something like http://127.0.0.1:8080/v1")]
    Host,
    /// A port that is none.
    #[error("the port in the server's address must be a number from 1 to 65535")]
    Port,
}

impl Address {
    /// Takes an address apart. What browsers and HTTP libraries would quietly repair (blanks, line ends, backslashes,
    /// other alphabets) is refused, since they might repair it to another host than the one read here.
    ///
    /// # Errors
    /// [`AddressError`].
    pub fn parse(text: &str) -> Result<Self, AddressError> {
        if !text.bytes().all(|b| b.is_ascii_graphic() && b != b'\\') {
            return Err(AddressError::Host);
        }
        let (scheme, rest) = text.split_once("://").ok_or(AddressError::Scheme)?;
        let secure = match scheme.to_ascii_lowercase().as_str() {
            "http" => false,
            "https" => true,
            _ => return Err(AddressError::Scheme),
        };
        if rest.contains('@') {
            return Err(AddressError::Credentials);
        }
        if rest.contains(['?', '#']) {
            return Err(AddressError::Query);
        }
        let (authority, path) = rest.split_at(rest.find('/').unwrap_or(rest.len()));
        let (host, port) = split_port(authority)?;
        Ok(Self { secure, host, port, path: path.trim_end_matches('/').to_string() })
    }

    /// Whether the host is this machine: `localhost`, 127.0.0.0/8 in four decimal parts, or
    /// `[::1]`. Other spellings of the same are not recognised, which is the safe side.
    pub fn is_loopback(&self) -> bool {
        self.host == "localhost"
            || self.host.parse::<Ipv4Addr>().is_ok_and(|a| a.is_loopback())
            || self.host.parse::<Ipv6Addr>().is_ok_and(|a| a.is_loopback())
    }
}

impl fmt::Display for Address {
    /// The address as it is asked and recorded.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let scheme = if self.secure { "https" } else { "http" };
        if self.host.contains(':') {
            write!(f, "{scheme}://[{}]", self.host)?;
        } else {
            write!(f, "{scheme}://{}", self.host)?;
        }
        if let Some(port) = self.port {
            write!(f, ":{port}")?;
        }
        f.write_str(&self.path)
    }
}

/// Host in lower case and port of `host`, `host:port`, `[v6]` or `[v6]:port`.
fn split_port(authority: &str) -> Result<(String, Option<u16>), AddressError> {
    let (host, port) = match authority.strip_prefix('[') {
        Some(rest) => {
            let (host, after) = rest.split_once(']').ok_or(AddressError::Host)?;
            host.parse::<Ipv6Addr>().map_err(|_| AddressError::Host)?;
            match after.strip_prefix(':') {
                Some(port) => (host, Some(port)),
                None if after.is_empty() => (host, None),
                None => return Err(AddressError::Host),
            }
        }
        None => {
            let (host, port) = match authority.split_once(':') {
                Some((host, port)) => (host, Some(port)),
                None => (authority, None),
            };
            let fits = |b: u8| b.is_ascii_alphanumeric() || matches!(b, b'.' | b'-' | b'_');
            if host.is_empty() || !host.bytes().all(fits) {
                return Err(AddressError::Host);
            }
            (host, port)
        }
    };
    let port = match port {
        Some(port) if port.bytes().all(|b| b.is_ascii_digit()) => {
            Some(port.parse::<u16>().ok().filter(|p| *p > 0).ok_or(AddressError::Port)?)
        }
        Some(_) => return Err(AddressError::Port),
        None => None,
    };
    Ok((host.to_ascii_lowercase(), port))
}

/// Whether a server's address is this machine. An address that cannot be read is not.
pub fn is_loopback(base_url: &str) -> bool {
    Address::parse(base_url).is_ok_and(|address| address.is_loopback())
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[test]
    fn this_machine() {
        for url in [
            "http://127.0.0.1:8080/v1",
            "http://127.0.0.1",
            "http://127.3.2.1:1/",
            "http://localhost:11434/v1/",
            "HTTP://LocalHost:1234/v1",
            "https://localhost/v1",
            "http://[::1]:8080/v1",
            "http://[0:0:0:0:0:0:0:1]/v1",
        ] {
            assert!(is_loopback(url), "{url}");
        }
    }

    #[test]
    fn what_only_looks_like_it() {
        for url in [
            "http://127.0.0.1.evil.com/v1",
            "http://127.0.0.1.evil.com:8080",
            "http://localhost.evil.com",
            "http://localhost@evil.com/v1",
            "http://localhost:80@evil.com",
            "http://127.0.0.1:8080@evil.com/v1",
            "http://evil.com/@localhost",
            "http://evil.com/127.0.0.1",
            "http://evil.com?localhost",
            "http://evil.com#localhost",
            "http://evil.com\\@localhost",
            "http://localhost\\.evil.com",
            "http://127.0.0.1\t.evil.com",
            "http://local\nhost.evil.com",
            " http://localhost.evil.com",
            "http://127.0.0.1%2eevil.com",
            "http://127.0.0.1。evil.com",
            "http://[::1].evil.com",
            "http://[::1]evil.com",
            "http://[::ffff:8.8.8.8]/",
            "http://[2001:db8::1]/",
            "http://[::1",
            "http://::1/",
            "http://0.0.0.0:8080",
            "http://128.0.0.1",
            "http://localhosts",
            "localhost:8080/v1",
            "127.0.0.1:8080",
            "//localhost",
            "http:/localhost",
            "ftp://localhost",
            "javascript://localhost",
            "http://",
            "http:///v1",
            "http://:8080",
            "http://localhost:",
            "http://localhost:0",
            "http://localhost:99999",
            "http://localhost:+80",
            "http://localhost:80:80",
            "",
        ] {
            assert!(!is_loopback(url), "{url}");
        }
    }

    #[test]
    fn errors_say_what_is_wrong_and_keep_secrets() {
        let error = |url| Address::parse(url).unwrap_err();
        assert_eq!(error("localhost:8080"), AddressError::Scheme);
        assert_eq!(error("http://me:s3cret@localhost"), AddressError::Credentials);
        assert_eq!(error("http://s3cret@localhost/v1"), AddressError::Credentials);
        assert_eq!(error("https://a.org/v1?key=s3cret"), AddressError::Query);
        assert_eq!(error("http://local host"), AddressError::Host);
        assert_eq!(error("http://localhost:http"), AddressError::Port);
        assert!(error("http://me:s3cret@localhost").to_string().contains("FOVEA_API_KEY"));
    }

    #[test]
    fn written_again() {
        for (from, to) in [
            ("http://127.0.0.1:8080/v1/", "http://127.0.0.1:8080/v1"),
            ("HTTPS://API.Example.org/Open/v1//", "https://api.example.org/Open/v1"),
            ("http://[::1]:8080", "http://[::1]:8080"),
        ] {
            let address = Address::parse(from).unwrap();
            assert_eq!(address.to_string(), to);
            assert_eq!(Address::parse(to).unwrap(), address);
        }
    }
}
