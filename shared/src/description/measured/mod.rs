//! interim
use crate::{description::*, image::RgbImage, plane::Mask};
/// interim
pub fn measure(_image: &RgbImage, mask: &Mask, modality: Modality) -> Description {
    let mut d = Description::new(modality, Source::Measured);
    let (mut x, mut y, n) = (0.0, 0.0, mask.area() as f32);
    for (i, v) in mask.data.iter().enumerate() {
        if *v {
            x += (i % mask.width) as f32;
            y += (i / mask.width) as f32;
        }
    }
    if n < 1.0 {
        return d;
    }
    let c = |v: f32, s: usize| ((v / n / s as f32) * 3.0).min(2.0) as usize;
    let i = c(y, mask.height) * 3 + c(x, mask.width);
    let _ = d.set(Field::Location, Some(Field::Location.words(modality)[i].name));
    let share = n / mask.data.len() as f32;
    let _ = d.set(
        Field::Size,
        Some(if share < 0.06 {
            "small"
        } else if share < 0.18 {
            "medium"
        } else {
            "large"
        }),
    );
    d
}
