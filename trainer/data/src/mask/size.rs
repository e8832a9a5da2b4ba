//! Size, orientation and border of a mask.

use std::fmt;

use fovea_shared::image::Header;
use fovea_shared::plane::Mask;
use image::metadata::Orientation;
use image::{DynamicImage, GrayImage};

/// The share of border pixels that must be inside for a mask to look inverted.
const BORDER: f64 = 0.98;

/// A mask of another size than its image.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub struct SizeMismatch {
    /// Width and height of the mask, in pixels.
    pub mask: [u32; 2],
    /// Width and height of the image, upright, in pixels.
    pub image: [u32; 2],
    /// What the image's header says, where it could be read.
    pub header: Option<Header>,
}

impl fmt::Display for SizeMismatch {
    fn fmt(&self, f: &mut fmt::Formatter) -> fmt::Result {
        let ([mask_w, mask_h], [image_w, image_h]) = (self.mask, self.image);
        write!(f, "is {mask_w}x{mask_h} pixels and its image {image_w}x{image_h}: they must have the same size")?;
        let turned = |header: &Header| header.orientation != 1 && header.stored == self.mask;
        match self.header.filter(turned) {
            None => Ok(()),
            Some(Header { orientation, .. }) => write!(
                f,
                ". The EXIF orientation ({orientation}) of the image turns it, and the mask was drawn on the raster as \
                 it is stored. Turn the image's pixels upright (`mogrify -auto-orient`, which removes the tag too) and \
                 turn the mask in the same way"
            ),
        }
    }
}

/// The mask as an EXIF orientation turns it.
pub(super) fn turned(mask: Mask, orientation: u8) -> Mask {
    let Some(turn) = Orientation::from_exif(orientation).filter(|turn| *turn != Orientation::NoTransforms) else {
        return mask;
    };
    let bytes = mask.data.iter().map(|inside| u8::from(*inside)).collect();
    let Some(picture) = GrayImage::from_raw(mask.width as u32, mask.height as u32, bytes) else { return mask };
    let mut picture = DynamicImage::ImageLuma8(picture);
    picture.apply_orientation(turn);
    let picture = picture.into_luma8();
    let (width, height) = (picture.width() as usize, picture.height() as usize);
    Mask::from_vec(width, height, picture.into_raw().into_iter().map(|v| v > 0).collect())
}

/// Whether a mask is inside all along the border and has a hole, as one of which black is inside.
pub(crate) fn seems_inverted(mask: &Mask) -> bool {
    let (width, height) = (mask.width, mask.height);
    if width < 3 || height < 3 || mask.data.iter().all(|inside| *inside) {
        return false;
    }
    let sides = (0..height).flat_map(|y| [(0, y), (width - 1, y)]);
    let border: Vec<bool> =
        (0..width).flat_map(|x| [(x, 0), (x, height - 1)]).chain(sides).map(|(x, y)| mask.at(x, y)).collect();
    border.iter().filter(|inside| **inside).count() as f64 >= BORDER * border.len() as f64
}
