"""A press is not lost to a page that renews itself."""

from __future__ import annotations

from streamlit.testing.v1 import AppTest


def page() -> None:
    """A piece that finds, within the run of the whole page, that other buttons must stand there."""
    import streamlit as st

    from streamlit_app.app_pages import pressing

    pressing.begin()
    pressing.renew(changed=True)
    first = st.button("First", key="first")
    if first and pressing.open_one():
        st.write("opened first")
    if (st.button("Second", key="second") or first) and pressing.open_one():
        st.write("opened second")
    pressing.end()


def test_a_press_survives_a_change_seen_in_the_same_run() -> None:
    """Facts 12: a rerun of the whole page within its own run would forget the button that it was made for."""
    at = AppTest.from_function(page).run()
    at.button(key="first").click().run()
    assert not at.exception
    assert [each.value for each in at.markdown] == ["opened first"]


def test_a_piece_renews_the_page_only_after_the_page_stands_and_no_dialog_is_open() -> None:
    def alone() -> None:
        import streamlit as st

        from streamlit_app.app_pages import pressing

        st.session_state["runs"] = st.session_state.get("runs", 0) + 1
        pressing.begin()
        opened = pressing.open_one() if st.session_state["runs"] > 1 else False
        pressing.end()
        pressing.renew(changed=st.session_state["runs"] < 5)
        st.write(f"{st.session_state['runs']} {opened}")

    at = AppTest.from_function(alone).run()
    assert [each.value for each in at.markdown] == ["2 True"]
