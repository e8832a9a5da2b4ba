//! DICOM files that wait for the engine. Its worker reads them beside its jobs, one at a time and without a model. Pure.

use std::collections::VecDeque;

use crate::{
    protocol::{Backend, DicomPicture, NamedFile},
    text::Message,
};

/// Takes the picture, or why there is none.
pub type Answer = Box<dyn FnOnce(Result<DicomPicture, Message>)>;

struct Wanted {
    file: NamedFile,
    answer: Answer,
}

/// The files that wait, and the one that an engine has.
#[derive(Default)]
pub struct DicomFiles {
    waiting: VecDeque<Wanted>,
    /// The file that was sent: to whom, and with which number.
    sent: Option<(Backend, u64, Wanted)>,
}

impl DicomFiles {
    /// Asks for the picture in a file.
    pub fn want(&mut self, file: NamedFile, answer: Answer) {
        self.waiting.push_back(Wanted { file, answer });
    }

    /// The file to send now to the engine in charge, if none is on its way; it counts as sent with this number.
    pub fn next(&mut self, backend: Backend, id: u64) -> Option<NamedFile> {
        if self.sent.is_some() {
            return None;
        }
        let wanted = self.waiting.pop_front()?;
        let file = wanted.file.clone();
        self.sent = Some((backend, id, wanted));
        Some(file)
    }

    /// Whether an answer with this number is about the file that was sent.
    pub fn awaits(&self, backend: Backend, id: u64) -> bool {
        self.sent.as_ref().is_some_and(|(to, number, _)| *to == backend && *number == id)
    }

    /// The engine has answered.
    pub fn answered(&mut self, found: Result<DicomPicture, Message>) {
        if let Some((_, _, wanted)) = self.sent.take() {
            (wanted.answer)(found);
        }
    }

    /// An engine has broken down. Its file is not tried again: it may be why.
    pub fn broke_down(&mut self, backend: Backend, why: &Message) {
        if let Some((_, _, wanted)) = self.sent.take_if(|(to, ..)| *to == backend) {
            (wanted.answer)(Err(why.clone()));
        }
    }

    /// An engine was ended because another one takes over, which reads its file.
    pub fn stopped(&mut self, backend: Backend) {
        if let Some((_, _, wanted)) = self.sent.take_if(|(to, ..)| *to == backend) {
            self.waiting.push_front(wanted);
        }
    }

    /// There will be no engine any more.
    pub fn give_up(&mut self, why: &Message) {
        let sent = self.sent.take().map(|(_, _, wanted)| wanted);
        for wanted in sent.into_iter().chain(self.waiting.drain(..)) {
            (wanted.answer)(Err(why.clone()));
        }
    }
}

#[cfg(test)]
mod tests {
    use std::{cell::RefCell, rc::Rc};

    use super::*;
    use crate::protocol::Blob;

    type Said = Rc<RefCell<Vec<String>>>;

    /// Files of these names, and what was answered.
    fn files(names: &[&str]) -> (DicomFiles, Said) {
        let (mut files, said) = (DicomFiles::default(), Said::default());
        for name in names {
            let (of, to) = ((*name).to_owned(), said.clone());
            let answer = move |found: Result<DicomPicture, Message>| {
                let found = found.map_or_else(|why| why.to_string(), |picture| picture.frame.to_string());
                to.borrow_mut().push(format!("{of} {found}"));
            };
            files.want(NamedFile { name: (*name).into(), bytes: Blob(Vec::new()) }, Box::new(answer));
        }
        (files, said)
    }

    fn sent(files: &mut DicomFiles, backend: Backend, id: u64) -> Option<String> {
        files.next(backend, id).map(|file| file.name)
    }

    fn picture(frame: usize) -> DicomPicture {
        DicomPicture { png: Blob(Vec::new()), frame, frames: 9 }
    }

    #[test]
    fn one_file_is_sent_at_a_time_and_each_gets_its_answer() {
        let (mut files, said) = files(&["a", "b"]);
        assert_eq!(sent(&mut files, Backend::Cpu, 3).as_deref(), Some("a"));
        assert_eq!(sent(&mut files, Backend::Cpu, 4), None);
        assert!(files.awaits(Backend::Cpu, 3) && !files.awaits(Backend::Cpu, 4) && !files.awaits(Backend::WebGpu, 3));
        files.answered(Ok(picture(5)));
        assert_eq!(sent(&mut files, Backend::Cpu, 7).as_deref(), Some("b"));
        files.answered(Err("no".into()));
        assert_eq!(sent(&mut files, Backend::Cpu, 8), None);
        assert_eq!(*said.borrow(), ["a 5", "b no"]);
    }

    #[test]
    fn another_engine_reads_what_one_that_was_ended_has_not_and_one_that_broke_down_costs_its_file() {
        let (mut files, said) = files(&["a", "b"]);
        files.next(Backend::Cpu, 1);
        files.stopped(Backend::WebGpu);
        assert!(files.awaits(Backend::Cpu, 1));
        files.stopped(Backend::Cpu);
        assert_eq!(sent(&mut files, Backend::WebGpu, 2).as_deref(), Some("a"));
        files.broke_down(Backend::Cpu, &"other".into());
        files.broke_down(Backend::WebGpu, &"broken".into());
        assert_eq!(sent(&mut files, Backend::Cpu, 3).as_deref(), Some("b"));
        files.give_up(&"over".into());
        assert_eq!(*said.borrow(), ["a broken", "b over"]);
    }
}
