// GraphQL values as messages show them.
import { goQuote } from "#grammars/text/go-quote.ts";
import { type GraphqlValue, valueKinds } from "./ast.ts";

export function valueText(value: GraphqlValue): string {
  switch (value.Kind) {
    case valueKinds.variable:
      return `$${value.Raw}`;
    case valueKinds.string:
    case valueKinds.block:
      return goQuote(value.Raw);
    case valueKinds.list:
      return `[${value.Children.map((child) => valueText(child.Value)).join(",")}]`;
    case valueKinds.object:
      return `{${value.Children.map((child) => `${child.Name}:${valueText(child.Value)}`).join(",")}}`;
    default:
      return value.Raw;
  }
}
