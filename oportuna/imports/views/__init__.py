"""The screens of imports: `wizard` leads through the five steps, `check` changes what they will do."""
