//! The state of the page as tests and saved sessions read it.

use super::{
    App,
    test_api::{
        ShownAttention, ShownChange, ShownComparison, ShownContestant, ShownDescription, ShownLearner, ShownPhrase,
        ShownTraining, Snapshot,
    },
};
use crate::{
    app::{
        canvas::layers::Layer,
        model::wording::Chip,
        words::{edit_effect, state::attention_to},
    },
    protocol::{Backend, Contestant, LiveSeen, Outline},
    text::language,
};

impl App {
    /// The state for `window.fovea`.
    pub fn snapshot(&self) -> Snapshot {
        let report = |b| self.model.devices.status(b).report().cloned();
        let dice = |o: Option<&Outline>| o.and_then(|o| o.dice);
        Snapshot {
            phase: self.model.phase_name(),
            language: language().code,
            case: self.model.current.as_ref().and_then(|c| c.origin.case.clone()),
            title: self.model.current.as_ref().map(|c| c.origin.title.to_string()),
            size: self.model.current.as_ref().map(|_| self.model.found.size),
            likeness: self.model.found.likeness,
            fixations: self.model.inputs.fixations().to_vec(),
            selected: self.model.inputs.selected(),
            can_undo: self.model.inputs.can_undo(),
            can_redo: self.model.inputs.can_redo(),
            layers: Layer::ALL.into_iter().filter(|l| self.model.layers.on(*l)).map(Layer::name).collect(),
            dice: (dice(self.model.found.teacher.as_ref()), dice(self.model.found.students.get(&self.model.student))),
            lesions: self.model.found.lesions,
            domain: self.model.bundles.folder().to_owned(),
            domains: self.model.bundles.index.bundles.iter().map(|entry| entry.folder.clone()).collect(),
            student: self
                .model
                .manifest
                .as_ref()
                .and_then(|m| m.students.get(self.model.student))
                .map(|s| s.name.clone()),
            students: self.model.manifest.iter().flat_map(|m| &m.students).map(|s| s.name.clone()).collect(),
            device: self.model.devices.active().map(|b| b.to_string()),
            reports: (report(Backend::Cpu), report(Backend::WebGpu)),
            description: self.shown_description(),
            attention: self.words.shown_attention(&self.model).map(|m| ShownAttention {
                field: m.phrase.field().name(),
                word: m.phrase.word().name,
                max: m.max,
                says: edit_effect::attention(m),
            }),
            change: self.shown_change(),
            compare: self.shown_comparison(),
            live: self.shown_training(),
            taught: self.teach.lesson().figures(),
            asking: self.words.asking(),
            attracts: self.stand.attracts(),
            stand: self.stand.scene(),
            message: self.status.message(),
            work: self.work,
        }
    }
}

impl App {
    fn shown_comparison(&self) -> Option<ShownComparison> {
        let choice = &self.compare.choice;
        let answer = self.compare.answer.as_ref();
        let of = |place: Option<usize>, one: &Contestant| ShownContestant {
            place,
            hash: one.outline.hash.clone(),
            dice: one.outline.dice,
            iou: one.iou,
            hd95: one.hd95,
            extra: one.difference.as_ref().map(|d| d.extra.area),
            missing: one.difference.as_ref().map(|d| d.missing.area),
        };
        choice.open.then(|| ShownComparison {
            chosen: choice.students.iter().copied().collect(),
            look: choice.view.name(),
            scale: choice.lens.scale,
            cursor: choice.lens.cursor,
            teacher: answer.map(|a| of(None, &a.teacher)),
            students: answer.iter().flat_map(|a| &a.students).map(|(place, one)| of(Some(*place), one)).collect(),
        })
    }

    fn shown_training(&self) -> ShownTraining {
        let live = &self.live.training;
        let last = live.last.as_ref();
        let learner = |seen: &LiveSeen| ShownLearner {
            hash: seen.outline.hash.clone(),
            dice: seen.outline.dice,
            loss: seen.loss,
            alignment: seen.alignment,
            consistency: seen.consistency,
            masked: seen.inside.masked.as_ref().map(|o| o.area),
        };
        ShownTraining {
            playing: live.playing,
            step: last.map(|l| l.step),
            speed: live.speed(),
            target: last.and_then(|l| l.target.as_ref()).map(|t| t.hash.clone()),
            halted: live.halted.as_ref().map(ToString::to_string),
            students: last.iter().flat_map(|l| &l.students).map(learner).collect(),
            points: live.history.first().map_or(0, Vec::len),
        }
    }

    fn shown_description(&self) -> Option<ShownDescription> {
        let wording = self.model.inputs.wording();
        let said = wording.said();
        let phrase = |c: Chip| ShownPhrase {
            field: c.field.name(),
            word: c.word.map(|w| w.name),
            label: c.label(),
            on: c.told(),
            edited: c.edited,
            offered: self.model.offers(c.field),
            attention: attention_to(&self.model, c.field).map(|m| m.max),
        };
        (!wording.is_blank()).then(|| ShownDescription {
            source: said.description.source.to_string(),
            touched: wording.touched(),
            from_looks: wording.from_looks(),
            awaited: self.model.inputs.awaits_words(),
            confidence: said.description.confidence,
            caveat: said.caveat.clone(),
            sentence: if self.model.inputs.awaits_words() { String::new() } else { wording.sentence() },
            phrases: wording.chips().map(phrase).collect(),
            choices: self.words.phrases.list.iter().map(|said| said.source().to_string()).collect(),
        })
    }

    fn shown_change(&self) -> Option<ShownChange> {
        let (edit, change) = self.model.edit.as_ref().zip(self.model.found.change.as_ref())?;
        let dice = self.model.found.teacher.as_ref().and_then(|t| t.dice);
        Some(ShownChange {
            edit: edit_effect::edit(&edit.before, &self.model.inputs.given()),
            result: edit_effect::result(change, dice),
            gained: change.gained.area,
            lost: change.lost.area,
            gained_share: change.gained_share,
            lost_share: change.lost_share,
            dice: (change.dice_before, dice),
        })
    }
}
