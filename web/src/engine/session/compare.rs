//! Students side by side on the open image.

use fovea_shared::{
    distill::{DistillConfig, MaskingRegion, MaskingTarget, TeacherInput, inside},
    gaze::Scanpath,
    metrics::segmentation,
    model::{GazePrompt, PhraseTokens, PromptMaps},
    plane::Plane,
};

use super::{OpenImage, Session};
use crate::{
    engine::{agreement::Tally, inside::read, masks},
    errors::{predict, step},
    protocol::{Against, CompareRequest, Compared, Contestant, Difference},
    text::Message,
};

/// Seed of the squares that DARM would hide, the same for every student so that they can be compared.
const SQUARES: u64 = 1;

impl Session {
    /// Compares students on the open image with the truth where it is known, with each other, and looks inside the strategies.
    ///
    /// # Errors
    /// In plain words: the image is not the open one, there is no such student, or the device fails.
    pub async fn compare(&self, request: CompareRequest) -> Result<Compared, Message> {
        let open = self.opened(request.image)?;
        let tokens = self.tokens(&request.text);
        let heat = (!request.fixations.is_empty()).then(|| PromptMaps::of(&Scanpath { fixations: request.fixations }));
        let teacher = self.predictor.teacher(&open.embedding, heat.as_ref(), &tokens).await.map_err(|e| predict(&e))?;
        let against = match request.against {
            Against::Truth => open.truth.as_ref().map(masks::Field::of_mask),
            Against::Teacher => Some(open.field(&teacher)),
            Against::Student(place) => {
                let logits = self.predictor.student(&open.embedding, place).await.map_err(|e| predict(&e))?;
                Some(open.field(&logits))
            }
        };
        let device = self.predictor.device();
        let features = open.embedding.features();
        let input = TeacherInput {
            prompt: GazePrompt::new(&[heat.as_ref()], device),
            text: Some(PhraseTokens::new(&[tokens], device)),
        };
        let mut students = Vec::new();
        let mut tally = Tally::new(open.figures_size());
        for place in request.places {
            let student = self.predictor.student_at(place).map_err(|e| predict(&e))?;
            let logits = self.predictor.student(&open.embedding, place).await.map_err(|e| predict(&e))?;
            let own = request.against == Against::Student(place);
            let field = open.field(&logits);
            tally.add(field.mask());
            let mut contestant = open.contestant(&field, against.as_ref().filter(|_| !own));
            let config = self.distill_config(place);
            let parts = (&student.head, student.adapters.as_ref());
            let saw = inside(parts, (self.predictor.teacher_head(), &input), features, &config, SQUARES).await;
            contestant.inside = Some(read(saw.map_err(|e| step(&e))?).await?);
            students.push((place, contestant));
        }
        let own = request.against == Against::Teacher;
        let teacher = open.contestant(&open.field(&teacher), against.as_ref().filter(|_| !own));
        Ok(Compared { image: request.image, teacher, students, agreement: tally.agreement() })
    }

    /// The form of the strategies that a student was trained with, as far as the manifest tells.
    fn distill_config(&self, place: usize) -> DistillConfig {
        let told = self.manifest.training.config.get("distill").cloned();
        let mut config: DistillConfig = told.and_then(|value| serde_json::from_value(value).ok()).unwrap_or_default();
        if self.manifest.students.get(place).is_some_and(|student| student.kind.released) {
            (config.masking.region, config.masking.target) = (MaskingRegion::Gaze, MaskingTarget::Zero);
        }
        config
    }
}

impl OpenImage {
    fn figures_size(&self) -> (usize, usize) {
        masks::figures_size(self.native, self.truth.is_some())
    }

    /// The mask of a head's logits on this image.
    pub(super) fn field(&self, logits: &Plane) -> masks::Field {
        masks::Field::of_logits(logits, self.figures_size())
    }

    fn contestant(&self, own: &masks::Field, against: Option<&masks::Field>) -> Contestant {
        let scores = self.truth.as_ref().map(|truth| segmentation(own.mask(), truth));
        Contestant {
            outline: own.outline(self.truth.as_ref()),
            iou: scores.map(|s| s.iou as f32),
            hd95: scores.map(|s| s.hd95 as f32),
            difference: against.map(|other| Difference { extra: own.without(other), missing: other.without(own) }),
            inside: None,
        }
    }
}
