//! What is wrong with a description. Names of fields and values are those of the schema, which are
//! the same in every language.

use fovea_shared::description::DescriptionError;

use crate::text::{Message, message};

/// Names the field.
pub fn description(error: &DescriptionError) -> Message {
    match error {
        DescriptionError::Json(cause) => message!("description-json", cause = cause),
        DescriptionError::UnknownField { field, allowed } => {
            message!("description-unknown-field", field = field, allowed = allowed)
        }
        DescriptionError::Missing(field) => message!("description-missing", field = field),
        DescriptionError::Value { field, value, allowed } => {
            message!("description-value", field = field, value = value, allowed = allowed)
        }
        DescriptionError::Conflict { field, cause } => message!("description-conflict", field = field, cause = cause),
    }
}
