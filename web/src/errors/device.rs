//! Why a device has not computed.

use fovea_shared::{distill::StepError, predictor::PredictError};

use crate::text::{Message, message};

/// A device that fails; the cause is what its driver says.
pub fn device(cause: &str) -> Message {
    message!("device-failed", cause = cause)
}

/// The networks could not be computed.
pub fn predict(error: &PredictError) -> Message {
    device(error.cause())
}

/// A step of a training could not be taken.
pub fn step(error: &StepError) -> Message {
    match error {
        StepError::Device(cause) => device(cause),
        StepError::Lacks(what) => message!("step-lacks", what = *what),
    }
}
