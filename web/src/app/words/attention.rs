//! Whether the page shows where the teacher attends, and to which word. Pure: no browser in here.

use fovea_shared::description::Field;

/// The word that the visitor points at, and whether its attention is to be seen. It begins switched off.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct AttentionWish {
    on: bool,
    pointed: Option<Field>,
    focused: Option<Field>,
}

impl AttentionWish {
    /// Whether attention is shown on request.
    pub fn on(&self) -> bool {
        self.on
    }

    /// Shows attention from now on, or no more.
    pub fn switch(&mut self, on: bool) {
        self.on = on;
    }

    /// The pointer is over the word of a field, or over none.
    pub fn point(&mut self, field: Option<Field>) {
        self.pointed = field;
    }

    /// The keyboard is at the word of a field, or at none.
    pub fn focus(&mut self, field: Option<Field>) {
        self.focused = field;
    }

    /// Sends away what is shown, until the visitor points again.
    pub fn dismiss(&mut self) {
        (self.pointed, self.focused) = (None, None);
    }

    /// The field whose attention is shown: that under the pointer, else that with the focus.
    pub fn shown(&self) -> Option<Field> {
        self.pointed.or(self.focused).filter(|_| self.on)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn attention_is_shown_on_request_only() {
        let mut wish = AttentionWish::default();
        wish.point(Some(Field::Size));
        assert_eq!(wish.shown(), None);
        wish.switch(true);
        assert_eq!(wish.shown(), Some(Field::Size), "the pointer is there already");
        wish.switch(false);
        assert_eq!(wish.shown(), None);
    }

    #[test]
    fn the_pointer_goes_before_the_keyboard() {
        let mut wish = AttentionWish::default();
        wish.switch(true);
        wish.focus(Some(Field::Shape));
        wish.point(Some(Field::Size));
        assert_eq!(wish.shown(), Some(Field::Size));
        wish.point(None);
        assert_eq!(wish.shown(), Some(Field::Shape));
        wish.dismiss();
        assert_eq!((wish.shown(), wish.on()), (None, true));
    }
}
