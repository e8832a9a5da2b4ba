//! Why a model's files cannot be used. A visitor can do little about it but load the page again;
//! the detail is for those who made the
//! page, and stays as the program writes it.

use fovea_shared::{bundle::BundleError, model::describer::DescriberError};

use super::device;
use crate::text::{Message, message};

/// Names the file.
pub fn bundle(error: &BundleError) -> Message {
    match error {
        BundleError::Missing { file, cause } => message!("bundle-missing", file = file, cause = cause),
        BundleError::Damaged { file, cause } => message!("bundle-damaged", file = file, cause = cause),
        BundleError::Unfit { file, cause } => message!("bundle-unfit", file = file, cause = cause),
    }
}

/// Names the file of the describer, or says that the device failed.
pub fn describer(error: &DescriberError) -> Message {
    match error {
        DescriberError::Card(cause) => message!("bundle-unfit", file = "describer.json", cause = cause),
        DescriberError::Weights(cause) => message!("bundle-unfit", file = "describer.safetensors", cause = cause),
        DescriberError::Device(cause) => device(cause),
    }
}
