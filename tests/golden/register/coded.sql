SELECT k, p FROM placed
