//! What features ask of each other.

use super::App;
use crate::app::{
    bundles,
    elements::{document, find_all, focus::keep_focus, mark, window},
    model::Command,
    share::{address::Shared, address_bar::asked, say_unreadable},
    tabs::{self, Tab},
};
use crate::text::language;

impl App {
    /// Carries out what was asked for. Gives the places of bundles to change to, which takes the
    /// page.
    pub(super) fn carry_out_commands(&mut self) -> Vec<usize> {
        let mut bundles = Vec::new();
        loop {
            let commands = self.model.take_commands();
            if commands.is_empty() {
                return bundles;
            }
            for command in commands {
                match command {
                    Command::ChooseBundle(place) => bundles.push(place),
                    other => self.carry_out(other),
                }
            }
        }
    }

    fn carry_out(&mut self, command: Command) {
        let model = &mut self.model;
        match command {
            Command::OpenCase(id) => self.incoming.open_case(model, &id),
            Command::OpenOwn(number, file) => self.incoming.open_own(model, number, &file),
            Command::Collect(files) => {
                tabs::open(&document(), Tab::Teach);
                self.own.take_in(model, files);
            }
            Command::TakeGlances(files) => {
                tabs::open(&document(), Tab::Teach);
                // One file is another teacher, several are a class.
                match <[_; 1]>::try_from(files) {
                    Ok([(_, Ok(file))]) => self.teach.take_theirs(model, file.set),
                    Ok([(_, Err(why))]) => model.show_message(why),
                    Err(files) => {
                        self.teach.unfold_links();
                        self.class.take(files);
                    }
                }
            }
            Command::ChooseBundle(_) => {}
            Command::FollowAddress => self.follow_address(),
            Command::WriteLink => {
                let shared = self.shared();
                self.share.show_link(&self.model, shared);
                self.save.forget_said();
            }
            Command::ForgetAsked => self.share.forget_asked(),
            Command::BeginLook => self.look.begin(model),
            Command::Glanced(path) => {
                self.stand.glanced();
                if !self.own.glanced(model, &path) {
                    self.teach.glanced(model, path);
                }
            }
            Command::TeachShort(pictures) => {
                tabs::open(&document(), Tab::Teach);
                self.teach.begin_short(model, pictures);
            }
            Command::PlayScanpath(path, origin) => self.gaze.play(model, &path, origin),
            Command::ShowStep(step) => self.show_step(step),
            Command::PutBack { picture } => self.put_back(picture),
            Command::CloseDialogs => {
                self.share.close();
                self.about.close();
            }
            Command::Speak(language) => self.language.change(model, language),
            Command::StartOver => self.start_over(),
            Command::SaveSession => self.save_session(),
            Command::SavePicture => self.save_picture(),
        }
    }

    /// Brings the page to what its address asks for, when that has changed.
    fn follow_address(&mut self) {
        self.language.follow_address(&mut self.model);
        let (wanted, unreadable) = Shared::read(asked);
        if let Some(folder) = asked("domain") {
            match self.model.bundles.index.find(&folder) {
                None => return bundles::say_unknown(&mut self.model, &folder),
                Some(place) if self.model.bundles.current != place => {
                    self.share.arriving = Some(wanted);
                    return self.model.send(Command::ChooseBundle(place));
                }
                // Also where another one is on its way: this one stays.
                Some(place) => self.model.send(Command::ChooseBundle(place)),
            }
        }
        if wanted != Shared::default() {
            self.arrive(wanted);
        }
        say_unreadable(&mut self.model, &unreadable);
    }

    /// Nothing of the last visitor stays but the domain: what was typed into the form for a model
    /// least of all.
    fn start_over(&mut self) {
        self.compare.forget_students();
        self.arrange(&Shared::default());
        // Nobody is there to go on with the keyboard.
        keep_focus();
        self.live.training.view = Default::default();
        self.live.forget();
        self.teach.start_over();
        self.own.start_over(&mut self.model);
        self.class.clear();
        self.words.forget_question();
        if let Some(first) = self.stand.first_language().filter(|first| first.code != language().code) {
            self.language.change(&mut self.model, first);
        }
        self.model.close_message();
        self.share.close();
        self.about.close();
        for details in find_all(&document(), "details[open]") {
            mark(&details, "open", false);
        }
        window().scroll_to_with_x_and_y(0.0, 0.0);
    }

    fn save_picture(&mut self) {
        match self.stage.overlay(&self.model) {
            Ok(canvas) => self.save.picture(&mut self.model, &canvas),
            Err(why) => self.model.show_message(crate::text::message!("not-saved", cause = why)),
        }
    }
}
