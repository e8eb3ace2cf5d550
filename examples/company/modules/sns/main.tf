# Where alarms go: what can wait until morning, and what cannot.
variable "name" {
  type = string
}

resource "aws_sns_topic" "alarm" {
  name = "${var.name}-alarm"
}

resource "aws_sns_topic" "critical" {
  name = "${var.name}-critical"
}

output "alarm_topic_arn" {
  value = aws_sns_topic.alarm.arn
}

output "critical_topic_arn" {
  value = aws_sns_topic.critical.arn
}
