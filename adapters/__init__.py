"""Chat platforms: each turns deliveries into submissions and cards into what people see."""
