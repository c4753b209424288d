//! Natively the figures of the page, which has no demos.

page::plain_page!(math_demos);
