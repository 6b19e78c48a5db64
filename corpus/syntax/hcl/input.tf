# The network of the store.

terraform {
  required_version = ">= 1.6"

  required_providers {
    aws = {
      source  = "hashicorp/aws"
      version = "~> 5.0"
    }
  }

  backend "s3" {
    bucket = "state"
  }
}

provider "aws" {
  region = var.region
}

# Where to build.
variable "region" {
  type        = string
  description = "Region of everything"
  default     = "eu-west-1"

  validation {
    condition     = length(var.region) > 0
    error_message = "The region is empty."
  }
}

locals {
  name = "store-${var.region}"
  tags = {
    Team        = "storage"
    Environment = terraform.workspace
  }
}

data "aws_ami" "ubuntu" {
  most_recent = true
  filter {
    name   = "name"
    values = ["ubuntu-*"]
  }
}

/* The machine
   that serves. */
resource "aws_instance" "web" {
  count         = 2
  ami           = data.aws_ami.ubuntu.id
  instance_type = "t3.micro"
  tags          = merge(local.tags, { Name = "web" })

  dynamic "ebs_block_device" {
    for_each = var.disks
    content {
      size = ebs_block_device.value
    }
  }

  user_data = <<-EOT
    #!/bin/sh
    resource "fake" "text" {}
  EOT
}

module "vpc" {
  source  = "terraform-aws-modules/vpc/aws"
  version = "5.0.0"
  name    = local.name
}

output "address" {
  value = aws_instance.web[0].public_ip
}

moved {
  from = aws_instance.old
  to   = aws_instance.web
}

resource "aws_eip" "broken" {
  instance = aws_instance.web[
