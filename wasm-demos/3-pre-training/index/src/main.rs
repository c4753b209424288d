//! Natively the figures of the page, which has no demos.

page::plain_page!(pre_training_index_demos);
