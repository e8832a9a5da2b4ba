//! What the truths of all kinds of phantoms have in common.

use fovea_shared::description::{Description, Field, Modality, Source, measured::known};
use fovea_shared::plane::Mask;

/// Width of the ring of surroundings that a lesion is compared with, as a share of the longer side: about 10 px of 500.
const RING: f32 = 0.024;
/// The colours this far inside and outside the true outline are compared, as a share of the longer
/// side: about 4 px of 500.
const ACROSS: f32 = 0.008;
/// A step of colour across the outline from which it is distinct there, CIELAB distance: plain at a
/// glance, where 2.3 can just be distinguished.
const DISTINCT: f32 = 8.0;
/// Pixels of a lesion at the frame's edge from which it is cut, as a share of the longer side.
const CUT: f32 = 0.006;

/// The bare tissue of a drawn picture under its true mask: what was drawn, before mucus or hair,
/// highlights, blur and noise.
pub(super) struct Bare<'a> {
    pub(super) mask: &'a Mask,
    /// Its colour as displayed, row by row; none where nothing of it is in view.
    pub(super) tissue: &'a dyn Fn(usize) -> Option<[u8; 3]>,
}

impl Bare<'_> {
    /// The colours in view inside the mask.
    pub(super) fn inside(&self) -> Vec<[u8; 3]> {
        self.colours(|i| self.mask.data[i])
    }

    /// The colours in view in a ring around the mask.
    pub(super) fn around(&self) -> Vec<[u8; 3]> {
        let ring = known::within(self.mask, RING * self.longer());
        self.colours(|i| ring[i] && !self.mask.data[i])
    }

    /// The colours in view where `wanted`.
    pub(super) fn colours(&self, wanted: impl Fn(usize) -> bool) -> Vec<[u8; 3]> {
        (0..self.mask.data.len()).filter(|i| wanted(*i)).filter_map(|i| (self.tissue)(i)).collect()
    }

    fn longer(&self) -> f32 {
        self.mask.width.max(self.mask.height) as f32
    }

    /// `sharp` where more than half of the outline in view is distinct.
    pub(super) fn border(&self) -> Option<&'static str> {
        let (width, height) = (self.mask.width, self.mask.height);
        let off = ((ACROSS * self.longer()) as usize).max(1);
        let distance = known::distance();
        let (mut distinct, mut all) = (0usize, 0usize);
        // Between each pixel and its neighbour to the right or below lies one step of the outline, or none.
        let mut look = |i: usize, next: usize, place: usize, length: usize| {
            let inside = &self.mask.data;
            if inside[i] == inside[i + next] || place < off || place + 1 + off >= length {
                return;
            }
            if let (Some(a), Some(b)) = ((self.tissue)(i - off * next), (self.tissue)(i + (off + 1) * next)) {
                all += 1;
                distinct += usize::from(distance(a, b) > DISTINCT);
            }
        };
        for i in 0..self.mask.data.len() {
            let (x, y) = (i % width, i / width);
            if x + 1 < width {
                look(i, 1, x, width);
            }
            if y + 1 < height {
                look(i, width, y, height);
            }
        }
        (all > 0).then_some(if 2 * distinct > all { "sharp" } else { "blurred" })
    }
}

/// Whether the mask reaches the image's edge or pixels that are `closed`: the dark surround.
pub(super) fn edge(mask: &Mask, closed: impl Fn(usize, usize) -> bool) -> &'static str {
    let (width, height) = (mask.width, mask.height);
    let at_edge = |i: &usize| {
        let (x, y) = (i % width, i / width);
        x == 0
            || y == 0
            || x + 1 == width
            || y + 1 == height
            || closed(x - 1, y)
            || closed(x + 1, y)
            || closed(x, y - 1)
            || closed(x, y + 1)
    };
    let contact = (0..mask.data.len()).filter(|i| mask.data[*i]).filter(at_edge).count();
    if contact as f32 > CUT * width.max(height) as f32 { "cut" } else { "whole" }
}

/// The description that says these words, source `drawn`.
pub(super) fn description(modality: Modality, fields: &[(Field, Option<&str>)]) -> Description {
    let mut description = Description::new(modality, Source::Drawn);
    for (field, word) in fields {
        // Every word is one of the vocabulary; the tests draw them all.
        let set = description.set(*field, *word);
        debug_assert!(set.is_ok(), "{set:?}");
    }
    description
}

/// A colour of 0..1 as bytes.
pub(super) fn bytes(colour: super::math::V3) -> [u8; 3] {
    let byte = |v: f32| (v.clamp(0.0, 1.0) * 255.0 + 0.5) as u8;
    [byte(colour.x), byte(colour.y), byte(colour.z)]
}
