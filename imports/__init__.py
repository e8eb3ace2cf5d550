"""Where the bindings of the AWS provider are made: `make imports` puts them into product_import/aws/."""
