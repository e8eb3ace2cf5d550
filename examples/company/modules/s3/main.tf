# The bucket of product images.
variable "name" {
  type = string
}

data "aws_caller_identity" "current" {}

resource "aws_s3_bucket" "product_images" {
  # The name must be unique among all accounts.
  bucket = "${var.name}-product-images-${data.aws_caller_identity.current.account_id}"
}

resource "aws_s3_bucket_public_access_block" "product_images" {
  bucket = aws_s3_bucket.product_images.id

  block_public_acls       = true
  block_public_policy     = true
  ignore_public_acls      = true
  restrict_public_buckets = true
}

output "product_images_bucket_arn" {
  value = aws_s3_bucket.product_images.arn
}
