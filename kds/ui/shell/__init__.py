"""The window around every screen: top bar, navigation, sign-in."""
