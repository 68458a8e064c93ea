"""The till: taking orders and the list of orders."""
