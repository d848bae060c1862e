// Stripe as the flows see it. Imports nothing: a test also puts this file into an app.
export const SUBSCRIPTION = {
  id: "sub_1",
  customer: "cus_1",
  status: "active",
  cancel_at_period_end: false,
  cancel_at: null,
  metadata: {},
  items: {
    data: [
      {
        price: { id: "price_1", lookup_key: null, recurring: { interval: "month" } },
        quantity: 1,
        current_period_start: 1,
        current_period_end: 2,
      },
    ],
  },
};

export const STRIPE = {
  customers: {
    search: async () => ({ data: [] }),
    create: async () => ({ id: "cus_1" }),
    retrieve: async () => ({ id: "cus_1", name: "Acme" }),
    update: async () => ({ id: "cus_1" }),
  },
  subscriptions: {
    list: async () => ({ data: [SUBSCRIPTION] }),
    retrieve: async () => SUBSCRIPTION,
    update: async () => SUBSCRIPTION,
  },
  checkout: {
    sessions: {
      create: async (input: object) => ({
        ...input,
        id: "cs_1",
        url: "https://idp.example.com/pay",
      }),
    },
  },
  billingPortal: { sessions: { create: async () => ({ url: "https://idp.example.com/portal" }) } },
  webhooks: { constructEvent: (payload: string): unknown => JSON.parse(payload) },
};
