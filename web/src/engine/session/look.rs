//! The teacher on the open image, and what a change of its inputs changed.

use fovea_shared::{
    description::Phrase,
    gaze::{Fixation, Scanpath, heat_map},
    model::PromptMaps,
    plane::Plane,
    pseudo_mask::PseudoMaskParams,
};

use super::{GAZE_SIDE, OpenImage, Session};
use crate::{
    clock::now_ms,
    engine::masks,
    errors::predict,
    protocol::{AttentionMap, Before, Blob, Heat, Seen, Text},
    text::Message,
};

/// The masks of the last look: the teacher's, and the one that it was compared with. A visitor who changes the inputs step by
/// step, or drags a point, compares with one of them, and the teacher need not draw it again.
#[derive(Default)]
pub(super) struct Drawn(Vec<(Before, masks::Field)>);

impl Drawn {
    /// Takes the mask that was drawn of these inputs.
    fn take(&mut self, of: &Before) -> Option<masks::Field> {
        let place = self.0.iter().position(|(inputs, _)| inputs == of)?;
        Some(self.0.swap_remove(place).1)
    }
}

impl Session {
    /// Runs the teacher on the open image with the fixations' heat map as its prompt and the phrases as its text. With
    /// `compare_with` the answer says what has changed since the teacher was given that.
    ///
    /// # Errors
    /// When the image is not the open one, or the device fails.
    pub async fn look(
        &self,
        image: u64,
        fixations: Vec<Fixation>,
        text: &Text,
        compare_with: Option<&Before>,
    ) -> Result<Seen, Message> {
        let start = now_ms();
        let open = self.opened(image)?;
        let tokens = self.tokens(text);
        let scanpath = Scanpath { fixations };
        let params = PseudoMaskParams::of(self.manifest.domain);
        let heat = (!scanpath.fixations.is_empty()).then(|| heat_map(&scanpath, &params.heat, GAZE_SIDE, GAZE_SIDE));
        // The teacher gets what it was trained with; the finer map is for the eye.
        let prompt = prompt(&scanpath);
        let teacher_start = now_ms();
        let (logits, maps) = if tokens.is_empty() {
            (self.predictor.teacher(&open.embedding, prompt.as_ref(), &[]).await.map_err(|e| predict(&e))?, Vec::new())
        } else {
            self.predictor.explain(&open.embedding, prompt.as_ref(), &tokens).await.map_err(|e| predict(&e))?
        };
        let teacher_ms = now_ms() - teacher_start;
        let present = open.field(&logits);
        let looked_at = open.truth.as_ref().and_then(|truth| open.lesions.looked_at(truth, &scanpath.fixations));
        let truth = looked_at.as_ref().map(|found| &found.truth).or(open.truth.as_ref());
        let former = match compare_with {
            Some(before) => Some((before.clone(), self.drawn_of(open, before).await?)),
            None => None,
        };
        let teacher = present.outline(truth);
        let change = former.as_ref().map(|(_, former)| masks::change(former, &present, truth));
        let inputs = Before { fixations: scanpath.fixations, text: text.clone() };
        open.drawn.replace(Drawn([(inputs, present)].into_iter().chain(former).collect()));
        let student = truth.map(|truth| {
            let (place, mask) = &*open.student.borrow();
            (*place, masks::dice(mask, truth))
        });
        let lesions = looked_at.as_ref().map(|found| (found.lesions, found.of));
        open.looked_at.replace(looked_at.map(|found| found.truth));
        let heat = heat.map(|h| Heat {
            size: (h.width as u32, h.height as u32),
            values: Blob(h.data.iter().map(|v| (v.clamp(0.0, 1.0) * 255.0).round() as u8).collect()),
        });
        let confidence = masks::confidence(&logits);
        let attention = text.phrases.iter().zip(&maps).map(|(phrase, map)| attention(*phrase, map)).collect();
        let total_ms = now_ms() - start;
        Ok(Seen { image, teacher_ms, total_ms, teacher, student, lesions, heat, confidence, attention, change })
    }

    /// The teacher's mask of other inputs, which it draws only where it has not just done so.
    async fn drawn_of(&self, open: &OpenImage, of: &Before) -> Result<masks::Field, Message> {
        let drawn = open.drawn.borrow_mut().take(of);
        if let Some(field) = drawn {
            return Ok(field);
        }
        let prompt = prompt(&Scanpath { fixations: of.fixations.clone() });
        let drawn = self.predictor.teacher(&open.embedding, prompt.as_ref(), &self.tokens(&of.text)).await;
        Ok(open.field(&drawn.map_err(|e| predict(&e))?))
    }
}

/// What the teacher sees of the gaze; nothing without fixations.
fn prompt(scanpath: &Scanpath) -> Option<PromptMaps> {
    (!scanpath.fixations.is_empty()).then(|| PromptMaps::of(scanpath))
}

/// A map of attention as parts of its maximum.
fn attention(phrase: Phrase, map: &Plane) -> AttentionMap {
    let max = map.max().max(0.0);
    let part = |v: &f32| if max > 0.0 { (v / max * 255.0).round() as u8 } else { 0 };
    AttentionMap {
        phrase,
        max,
        size: (map.width as u32, map.height as u32),
        values: Blob(map.data.iter().map(part).collect()),
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use fovea_shared::{
        description::{Field, Modality},
        plane::Mask,
    };

    use super::*;

    fn shape(word: &str) -> Phrase {
        Phrase::find(Modality::Polyp, Field::Shape, word).unwrap()
    }

    #[test]
    fn what_was_drawn_is_found_by_gaze_and_words_together() {
        let inputs = |x: f32, word: &str| Before {
            fixations: vec![Fixation { x, y: 0.5, duration_ms: 300.0, start_ms: 0.0 }],
            text: Text { phrases: vec![shape(word)] },
        };
        let field = |area: usize| masks::Field::of_mask(&Mask::from_vec(4, 1, (0..4).map(|i| i < area).collect()));
        let mut drawn = Drawn(vec![(inputs(0.1, "oval"), field(1)), (inputs(0.2, "oval"), field(2))]);
        assert!(drawn.take(&inputs(0.1, "round")).is_none() && drawn.take(&inputs(0.3, "oval")).is_none());
        assert_eq!(drawn.take(&inputs(0.2, "oval")).map(|field| field.mask().area()), Some(2));
        assert!(drawn.take(&inputs(0.2, "oval")).is_none(), "it is taken");
        assert_eq!(drawn.take(&inputs(0.1, "oval")).map(|field| field.mask().area()), Some(1));
    }

    #[test]
    fn attention_is_sent_as_parts_of_its_maximum() {
        let oval = shape("oval");
        let map = attention(oval, &Plane::from_vec(2, 1, vec![0.05, 0.2]));
        assert_eq!((map.phrase, map.size), (oval, (2, 1)));
        assert_eq!((map.max, map.values.0), (0.2, vec![64, 255]));
        assert_eq!(attention(oval, &Plane::filled(1, 1, 0.0)).values.0, [0]);
    }
}
