"""The infrastructure of the product catalogue import, as a stack of CDK for Terraform.

The class is `product_import.module.stack.ProductImport`, its argument is `product_import.inputs.Inputs`. Import this
package before cdktf, which starts Node when it is imported.
"""

from product_import import bindings, node

node.choose()
bindings.explain_missing()
