//! DICOM files on their way to the engine and back.

use super::App;
use crate::protocol::{Backend, Envelope, Request, Response};

impl App {
    /// Hands the next DICOM file to the engine that is in charge, if it has none.
    pub(super) fn send_dicom(&mut self) {
        let Some(active) = self.model.devices.active() else { return };
        let Some(file) = self.model.dicom.next(active, self.last_request + 1) else { return };
        if let Err(why) = self.send(active, Request::ReadDicom(file)) {
            self.model.dicom.answered(Err(why));
        }
    }

    /// Takes an answer that is about a DICOM file; gives any other back.
    pub(super) fn take_dicom(&mut self, backend: Backend, answer: Envelope<Response>) -> Option<Envelope<Response>> {
        let dicom = &mut self.model.dicom;
        match answer.body {
            Response::DicomRead(picture) if dicom.awaits(backend, answer.id) => dicom.answered(Ok(picture)),
            Response::Refused(why) if dicom.awaits(backend, answer.id) => dicom.answered(Err(why)),
            // Of a file that another engine reads now.
            Response::DicomRead(_) => {}
            Response::Panicked(ref why) => {
                dicom.broke_down(backend, why);
                return Some(answer);
            }
            _ => return Some(answer),
        }
        None
    }
}
