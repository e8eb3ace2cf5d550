output "worker_service_name" {
  description = "Name of the ECS service."
  value       = module.product_import.worker_service_name
}

output "alarms" {
  description = "ARNs of the alarms."
  value       = module.product_import.alarms
}
