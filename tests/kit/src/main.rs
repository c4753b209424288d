//! The module of the page on which the kit is tried; natively its stills.

page::plain_page!(kit_demos);
