//! What is wrong with the address of a server.

use fovea_shared::description::vlm::AddressError;

use crate::text::{Message, message};

/// What is wrong with an address, in the words of this page: the shared texts speak of the command line too.
pub fn address(error: AddressError) -> Message {
    match error {
        AddressError::Scheme => message!("address-scheme"),
        AddressError::Credentials => message!("address-credentials"),
        AddressError::Query => message!("address-query"),
        AddressError::Host => message!("address-host"),
        AddressError::Port => message!("address-port"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_are_refused_in_the_words_of_the_schema_but_for_the_command_line() {
        use AddressError::{Credentials, Host, Port, Query, Scheme};
        for error in [Scheme, Query, Host, Port] {
            let shared = error.to_string();
            let expected = format!("T{}.", shared.trim_start_matches('t'));
            assert_eq!(address(error).to_string(), expected);
        }
        assert!(!address(Credentials).to_string().contains("FOVEA"));
    }
}
