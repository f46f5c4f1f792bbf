SELECT MAX(post_code) + 1 AS posts, MAX(told_code) + 1 AS told FROM words
