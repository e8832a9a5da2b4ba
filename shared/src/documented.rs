//! Settings whose documentation programs can read: the text of a setting stands once, above its
//! field, and is its help too.

/// A table of settings that knows what its fields mean.
pub trait Documented {
    /// The fields in their order, each with its documentation.
    const FIELDS: &'static [(&'static str, &'static str)];
}

/// Defines the struct as it is written, and implements [`Documented`](crate::documented::Documented) for it.
#[macro_export]
macro_rules! documented {
    (
        $(#[$($attribute:tt)*])*
        pub struct $name:ident {
            $( $(#[$($of_field:tt)*])* pub $field:ident: $kind:ty, )*
        }
    ) => {
        $(#[$($attribute)*])*
        pub struct $name {
            $( $(#[$($of_field)*])* pub $field: $kind, )*
        }

        impl $crate::documented::Documented for $name {
            const FIELDS: &'static [(&'static str, &'static str)] =
                &[$( (stringify!($field), $crate::doc_text!($([$($of_field)*])*)) ),*];
        }
    };
}

/// The text of the doc comments among some attributes.
#[doc(hidden)]
#[macro_export]
macro_rules! doc_text {
    () => { "" };
    ([doc = $text:literal] $($rest:tt)*) => { concat!($text, "\n", $crate::doc_text!($($rest)*)) };
    ([$($other:tt)*] $($rest:tt)*) => { $crate::doc_text!($($rest)*) };
}

#[cfg(test)]
mod tests {
    use super::Documented;

    documented! {
        /// A table.
        #[derive(Default)]
        #[expect(unreachable_pub, reason = "the macro is for public tables")]
        pub struct Table {
            /// How many.
            /// More lines.
            pub count: usize,
            #[expect(dead_code, reason = "only its name is asked for")]
            pub silent: bool,
        }
    }

    #[test]
    fn a_field_knows_its_comment() {
        assert_eq!(Table::default().count, 0);
        assert_eq!(Table::FIELDS, [("count", " How many.\n More lines.\n"), ("silent", "")]);
    }
}
