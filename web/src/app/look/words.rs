//! What is said before, during and after a look. Pure: no browser in here.

use fovea_shared::description::Modality;

use super::{
    settings::{Disc, Length},
    viewing::NoFixation,
};
use crate::{
    app::status::numbers::{percent, points},
    protocol::Outline,
    text::{self, Message, message},
};

/// The one sentence over a bare picture. Where the truth is not known, there may be nothing to find.
pub fn invitation(modality: Modality, truth_known: bool) -> Message {
    let noun = text::noun(modality);
    if truth_known { message!("look-invitation", noun = noun) } else { message!("look-invitation-own", noun = noun) }
}

/// What a look is worth: the outline that the student draws alone, and the teacher's with the visitor's look.
pub fn worth(alone: &Outline, with: &Outline) -> Message {
    let [dice_alone, dice_with] = [alone, with].map(|outline| outline.dice.map(|d| format!("{d:.2}")));
    let [share_alone, share_with] = [alone, with].map(|outline| percent(outline.share()));
    match (dice_alone, dice_with) {
        (Some(alone), Some(_)) if with.area == 0 => message!("look-worth-fit-nothing", alone = alone),
        (Some(alone), Some(with)) => message!("look-worth-fit", alone = alone, with = with),
        _ => match (alone.area, with.area) {
            (0, 0) => message!("look-worth-neither"),
            (0, _) => message!("look-worth-only-with", with = share_with),
            (_, 0) => message!("look-worth-only-alone", alone = share_alone),
            _ => message!("look-worth-area", alone = share_alone, with = share_with),
        },
    }
}

/// A viewing begins.
pub fn begun(length: Length) -> Message {
    message!("look-begun", seconds = usize::from(length.seconds()))
}

/// The countdown.
pub fn seconds_left(seconds: usize) -> Message {
    message!("look-left", seconds = seconds)
}

/// A viewing has made fixations.
pub fn found(count: usize) -> Message {
    message!("look-found", points = points(count))
}

/// A viewing has made none, and what to do.
pub fn not_found(why: NoFixation) -> Message {
    match why {
        NoFixation::Outside => message!("look-outside"),
        NoFixation::TooShort => message!("look-too-short"),
        NoFixation::Restless => message!("look-restless"),
    }
}

/// The length of a viewing, at its slider.
pub fn length(length: Length) -> Message {
    message!("look-length", seconds = usize::from(length.seconds()))
}

/// The size of the sharp disc, at its slider.
pub fn disc(disc: Disc) -> Message {
    let pixels = format!("{:.0}", disc.diameter());
    message!("look-disc", degrees = usize::from(disc.degrees()), pixels = pixels)
}

/// What such a viewing is and is not.
pub fn about() -> Message {
    message!("look-about")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::protocol::Blob;

    fn outline(area: u32, dice: Option<f32>) -> Outline {
        Outline { loops: vec![], points: Blob(vec![]), size: (100, 100), area, hash: String::new(), dice }
    }

    #[test]
    fn the_worth_of_a_look_is_said_in_fit_where_the_truth_is_known_and_else_in_area() {
        let said = |alone, with| worth(&alone, &with).to_string();
        assert_eq!(said(outline(900, Some(0.31)), outline(800, Some(0.6))), "Alone 0.31, with your glance 0.60");
        let nothing = said(outline(900, Some(0.31)), outline(0, Some(0.0)));
        assert_eq!(nothing, "Alone 0.31. Where you looked, the teacher outlines nothing.");
        let area = said(outline(1500, None), outline(800, None));
        assert_eq!(area, "Alone it outlines 15 % of the image, with your glance 8.0 %.");
        assert!(said(outline(0, None), outline(800, None)).starts_with("Alone it outlines nothing"));
        assert!(said(outline(800, None), outline(0, None)).ends_with("with your glance nothing."));
        assert!(said(outline(0, None), outline(0, None)).starts_with("It outlines nothing"));
    }

    #[test]
    fn a_visitor_is_invited_to_what_is_there() {
        assert_eq!(invitation(Modality::Polyp, true).to_string(), "There is a polyp here. Look at it.");
        assert!(invitation(Modality::SkinLesion, false).to_string().contains("skin lesion"));
    }

    #[test]
    fn settings_and_seconds_are_said() {
        assert_eq!(disc(Disc::default()).to_string(), "5°, or 198 pixels at arm’s length (60 cm)");
        assert_eq!([1, 4].map(|s| seconds_left(s).to_string()), ["1 second left", "4 seconds left"]);
        assert_eq!(length(Length::new(1)).to_string(), "1 second");
    }
}
